using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing;

/// <summary>How symbols are written in generated code.</summary>
internal static class Names
{
    public const string CachedAttribute = "Memoize.CachedAttribute";
    public const string CachedDecoratorAttribute = "Memoize.CachedDecoratorAttribute";
    public const string CachedBatchAttribute = "Memoize.CachedBatchAttribute";
    public const string EvictsAttribute = "Memoize.EvictsAttribute";
    public const string UpdatesAttribute = "Memoize.UpdatesAttribute";
    public const string EvictsTagAttribute = "Memoize.EvictsTagAttribute";
    public const string GeneratedNamespace = "Memoize.Generated";

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier |
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers |
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat SignatureFormat = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat ShortFormat = SymbolDisplayFormat.CSharpShortErrorMessageFormat;

    /// <summary>The type as generated code writes it: <c>global::</c>, nullable annotations, tuple names.</summary>
    public static string Of(ITypeSymbol type) => type.ToDisplayString(TypeFormat);

    /// <summary>The type as overloads are told apart by it: <c>int?</c> is not <c>int</c>, and <c>string?</c> is <c>string</c>.</summary>
    public static string Identity(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>Without a nullable annotation on the outside, for <c>new</c>, <c>typeof</c> and static calls.</summary>
    public static string Bare(ITypeSymbol type) => Of(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));

    /// <summary><c>Shop.TemplateStore.Resolve(string)</c>.</summary>
    public static string Signature(IMethodSymbol method) => method.ToDisplayString(SignatureFormat);

    /// <summary>As compiler messages write it.</summary>
    public static string Short(ISymbol symbol) => symbol.ToDisplayString(ShortFormat);

    /// <summary>What is wrong with a type, or with the member of it that the path leads to.</summary>
    public static string At(string path, ITypeSymbol type, string reason) =>
        path.Length == 0 ? $"'{Short(type)}' {reason}" : $"{path} is '{Short(type)}', which {reason}";

    public static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) != SyntaxKind.None ? "@" + identifier : identifier;

    public static string Unescape(string identifier) => identifier.TrimStart('@');

    /// <summary>A name that none of the taken ones is: the wish itself where possible.</summary>
    public static string Unique(string wish, IEnumerable<string> taken)
    {
        var names = new HashSet<string>(taken.Select(Unescape), StringComparer.Ordinal);
        var name = wish;
        while (!names.Add(Unescape(name)))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>The namespace, empty for the global one.</summary>
    public static string NamespaceOf(ISymbol symbol) =>
        symbol.ContainingNamespace is { IsGlobalNamespace: false } ns
            ? string.Join(".", Parts(ns).Select(Escape))
            : "";

    /// <summary>The type and the types around it, outermost first.</summary>
    public static IReadOnlyList<INamedTypeSymbol> ContainersOf(INamedTypeSymbol type)
    {
        var types = new List<INamedTypeSymbol>();
        for (var current = type; current is not null; current = current.ContainingType)
        {
            types.Insert(0, current);
        }

        return types;
    }

    private static IEnumerable<string> Parts(INamespaceSymbol ns)
    {
        var parts = new Stack<string>();
        for (var current = ns; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            parts.Push(current.Name);
        }

        return parts;
    }
}
