using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Something in a body that a rule has to say something about.</summary>
/// <param name="Operation">Where it is.</param>
/// <param name="Source">What it is about; one method hears of it once.</param>
/// <param name="Text">How a message names it.</param>
internal sealed record Finding(IOperation Operation, ISymbol Source, string Text)
{
    /// <summary>What to do about it, where the rule has more than one advice.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The body that it is in.</summary>
    public BodyPart? Part { get; init; }

    /// <summary>The place to point at, which is in the type of the cached method.</summary>
    public Location Location => (Part?.Site ?? Operation).Syntax.GetLocation();

    /// <summary>What the code fix wants to know.</summary>
    public string? Fix { get; init; }

    /// <summary>" in 'Helper'": where it is, if not in the method itself.</summary>
    public string Where(Body body) => Part switch
    {
        { Site: { } } => $" through {Quote(Part.Member.AssociatedSymbol ?? Part.Member)}",
        { } when !SymbolEqualityComparer.Default.Equals(Part.Member, body.Core) => $" in '{(Part.Member.AssociatedSymbol ?? Part.Member).Name}'",
        _ => "",
    };

    /// <summary>'Type.Member', as messages name it.</summary>
    public static string Quote(ISymbol member) =>
        member.ContainingType is { } type ? $"'{type.Name}.{member.Name}'" : $"'{member.Name}'";
}
