using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>The names that an annotated method may have in a compilation: a cheap no for almost everything else.</summary>
internal static class CachedNames
{
    public static HashSet<string> In(Compilation compilation, IEnumerable<SyntaxTree> trees)
    {
        var names = new HashSet<string>(trees.AsParallel().SelectMany(tree => TreeFacts.Of(tree).AttributedMethods), StringComparer.Ordinal);
        names.Remove("");
        names.UnionWith(Exported(compilation).SelectMany(MethodsOf).Select(method => method.Name));
        return names;
    }

    /// <summary>The names of the cached methods of a type that have type parameters, or whose type has some.</summary>
    public static IEnumerable<string> Generic(INamedTypeSymbol type) => MethodsOf(type).Where(IsGeneric).Select(method => method.Name);

    /// <summary>The names of those of other assemblies, and of others there that take a class from which somebody may derive.</summary>
    public static IEnumerable<string> ExportedOpen(Compilation compilation) => Exported(compilation)
        .SelectMany(MethodsOf)
        .Where(method => IsGeneric(method) || method.Parameters.Any(static parameter => parameter.Type is { TypeKind: TypeKind.Class, IsSealed: false }))
        .Select(method => method.Name);

    /// <summary>The names of the cached methods of a type that are given collections which may be of any type.</summary>
    public static IEnumerable<string> TakingCollections(INamedTypeSymbol type) => MethodsOf(type).Where(TakesCollection).Select(method => method.Name);

    /// <summary>The names of those of other assemblies.</summary>
    public static IEnumerable<string> ExportedTakingCollections(Compilation compilation) => Exported(compilation).SelectMany(TakingCollections);

    private static bool TakesCollection(IMethodSymbol method) =>
        method.Parameters.Any(static parameter => parameter.Type is not IArrayTypeSymbol && CollectionShape.IsAskedFor(parameter));

    private static bool IsGeneric(IMethodSymbol method) => method.Arity > 0 || CellNames.TypeParametersOf(method.ContainingType).Any();

    // An assembly that Memoize was compiled into says so by the namespace of its generated classes.
    private static IEnumerable<INamedTypeSymbol> Exported(Compilation compilation) => compilation.SourceModule.ReferencedAssemblySymbols.SelectMany(assembly =>
        Find(assembly.GlobalNamespace, "Memoize") is { } memoize && Find(memoize, "Generated") is { } generated
            ? TypesBeside(assembly.GlobalNamespace, generated)
            : []);

    private static IEnumerable<INamedTypeSymbol> TypesBeside(INamespaceSymbol user, INamespaceSymbol generated) =>
        (generated.GetTypeMembers().Length > 0 ? user.GetTypeMembers() : [])
        .Concat(generated.GetNamespaceMembers().SelectMany(inner => Find(user, inner.Name) is { } ns ? TypesBeside(ns, inner) : []));

    private static IEnumerable<IMethodSymbol> MethodsOf(INamedTypeSymbol type) => type.GetMembers().SelectMany(member => member switch
    {
        IMethodSymbol method when Attributes.IsWrapped(method) => [method],
        INamedTypeSymbol nested => MethodsOf(nested),
        _ => Enumerable.Empty<IMethodSymbol>(),
    });

    private static INamespaceSymbol? Find(INamespaceSymbol ns, string name) =>
        ns.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == name);
}
