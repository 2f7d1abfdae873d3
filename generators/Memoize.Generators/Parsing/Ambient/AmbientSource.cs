using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Ambient;

/// <summary>One <c>[assembly: CacheVaryBy]</c>.</summary>
/// <param name="Name">What methods call it.</param>
/// <param name="Member">The member that is read; null where the declaration is wrong.</param>
/// <param name="IsDefault">Whether all methods vary by it that do not say otherwise.</param>
/// <param name="Problem">What is wrong with the declaration; null where nothing is.</param>
/// <param name="Attribute">The declaration.</param>
internal sealed record AmbientSource(string Name, ISymbol? Member, bool IsDefault, string? Problem, AttributeData Attribute)
{
    public ITypeSymbol Type => TypeOf(Member!)!;

    /// <summary>The expression that reads it.</summary>
    public string Access => $"{Names.Bare(Member!.ContainingType)}.{Names.Escape(Member.Name)}{(Member is IMethodSymbol ? "()" : "")}";

    /// <summary>Whether the operation reads it.</summary>
    public bool IsReadBy(IOperation operation) => operation switch
    {
        IInvocationOperation call => Is(call.TargetMethod),
        IMemberReferenceOperation reference => Is(reference.Member),
        _ => false,
    };

    public bool IsCulture => IsCultureInfo(Type);

    /// <summary>What a source gives: nothing for a member that gives nothing, or cannot be read without more.</summary>
    public static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
        IFieldSymbol field => field.Type,
        IMethodSymbol { MethodKind: MethodKind.Ordinary, Parameters.IsEmpty: true, IsGenericMethod: false, ReturnsVoid: false } method => method.ReturnType,
        _ => null,
    };

    public static bool IsCultureInfo(ITypeSymbol type) => KnownTypes.MetadataName(type) == "System.Globalization.CultureInfo";

    private bool Is(ISymbol member) => Member is not null && SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, Member.OriginalDefinition);
}
