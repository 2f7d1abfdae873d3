using Memoize.CodeFixes.Frame;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes.Results;

/// <summary>A type to return in place of another.</summary>
/// <param name="Type">The type.</param>
/// <param name="Method">The extension method that makes one of what is returned now; null where that is one already.</param>
/// <param name="Owner">The class of that method, for its using.</param>
internal sealed record ResultForm(INamedTypeSymbol Type, string? Method, string? Owner)
{
    private const string Generic = "System.Collections.Generic.";
    private const string Immutable = "System.Collections.Immutable.ImmutableArray";
    private const string Frozen = "System.Collections.Frozen.";

    // What breaks the fewest callers first.
    private static readonly Dictionary<string, string[]> Shared = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.List`1"] = ["IReadOnlyList`1", Immutable],
        ["System.Collections.Generic.IList`1"] = ["IReadOnlyList`1", Immutable],
        ["System.Collections.ObjectModel.Collection`1"] = ["IReadOnlyList`1", Immutable],
        ["System.Collections.ObjectModel.ObservableCollection`1"] = ["IReadOnlyList`1", Immutable],
        ["System.Collections.Generic.ICollection`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Generic.LinkedList`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Generic.Queue`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Generic.Stack`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Concurrent.ConcurrentBag`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Concurrent.ConcurrentQueue`1"] = ["IReadOnlyCollection`1", Immutable],
        ["System.Collections.Generic.HashSet`1"] = ["IReadOnlySet`1", "FrozenSet"],
        ["System.Collections.Generic.ISet`1"] = ["IReadOnlySet`1", "FrozenSet"],
        ["System.Collections.Generic.SortedSet`1"] = ["IReadOnlySet`1"],
        ["System.Collections.Generic.Dictionary`2"] = ["IReadOnlyDictionary`2", "FrozenDictionary"],
        ["System.Collections.Generic.IDictionary`2"] = ["IReadOnlyDictionary`2", "FrozenDictionary"],
        ["System.Collections.Generic.SortedDictionary`2"] = ["IReadOnlyDictionary`2"],
        ["System.Collections.Generic.SortedList`2"] = ["IReadOnlyDictionary`2"],
        ["System.Collections.Concurrent.ConcurrentDictionary`2"] = ["IReadOnlyDictionary`2", "FrozenDictionary"],
    };

    private static readonly HashSet<string> Lazy = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Linq.IQueryable`1", "System.Linq.IOrderedQueryable`1",
        "System.Linq.IOrderedEnumerable`1", "System.Linq.ParallelQuery`1",
    };

    /// <summary>What the title calls it.</summary>
    public string Title => Names.Short(Type);

    /// <summary>Tells the forms apart where all are fixed at once.</summary>
    public string Key => Type.MetadataName;

    /// <summary>The types that could be returned in place of a collection that can be changed, or of a sequence that may be lazy.</summary>
    public static IEnumerable<ResultForm> For(ITypeSymbol type, Compilation compilation)
    {
        var arguments = type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => [array.ElementType],
            INamedTypeSymbol named => named.TypeArguments.ToArray(),
            _ => [],
        };
        if (type is IArrayTypeSymbol)
        {
            return arguments is not [var element] ? []
                : element.SpecialType == SpecialType.System_Byte ? [.. Of("System.ReadOnlyMemory`1"), .. Made(Immutable)]
                : [.. Of(Generic + "IReadOnlyList`1"), .. Made(Immutable)];
        }

        var name = KnownTypes.MetadataName(type);
        if (Lazy.Contains(name))
        {
            return Of(Generic + "IReadOnlyList`1", "ToList", "System.Linq.Enumerable");
        }

        return Shared.TryGetValue(name, out var forms)
            ? forms.SelectMany(form => form.Contains('`') ? Of(Generic + form) : Made(form == Immutable ? form : Frozen + form))
            : [];

        // ImmutableArray.ToImmutableArray, FrozenSet.ToFrozenSet…
        IEnumerable<ResultForm> Made(string owner) =>
            Of($"{owner}`{arguments.Length}", "To" + owner.Substring(owner.LastIndexOf('.') + 1), owner);

        IEnumerable<ResultForm> Of(string metadataName, string? method = null, string? owner = null) =>
            compilation.GetTypeByMetadataName(metadataName) is { } definition && definition.Arity == arguments.Length
                ? [new ResultForm(definition.Construct(arguments), method, owner)]
                : [];
    }

    /// <summary>The type in code, with its using.</summary>
    public TypeSyntax Syntax(bool nullable)
    {
        var name = SyntaxFactory.ParseTypeName(Names.Bare(Type)).WithAdditionalAnnotations(
            [Simplifier.Annotation, .. Imports.Of(KnownTypes.MetadataName(Type))]);
        return nullable ? SyntaxFactory.NullableType(name) : name;
    }

    /// <summary>What is returned now, made into the new type.</summary>
    public ExpressionSyntax Make(ExpressionSyntax returned)
    {
        var name = SyntaxFactory.IdentifierName(Method!).WithAdditionalAnnotations(Imports.Of(Owner!));
        var inner = SyntaxFactory.ParenthesizedExpression(returned.WithoutTrivia()).WithAdditionalAnnotations(Simplifier.Annotation);
        return SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, inner, name), SyntaxFactory.ArgumentList())
            .WithTriviaFrom(returned);
    }
}
