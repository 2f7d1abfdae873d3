using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>The names that an annotated method may have in a compilation: a cheap no for almost everything else.</summary>
internal static class CachedNames
{
    public static HashSet<string> In(Compilation compilation, IEnumerable<SyntaxTree> trees)
    {
        var names = new HashSet<string>(trees.AsParallel().SelectMany(tree => TreeFacts.Of(tree).AttributedMethods), StringComparer.Ordinal);
        names.Remove("");
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            AddExported(assembly, names);
        }

        return names;
    }

    // An assembly that Memoize was compiled into says so by the namespace of its generated classes.
    private static void AddExported(IAssemblySymbol assembly, HashSet<string> names)
    {
        if (Find(assembly.GlobalNamespace, "Memoize") is { } memoize && Find(memoize, "Generated") is { } generated)
        {
            AddNames(assembly.GlobalNamespace, generated, names);
        }
    }

    private static void AddNames(INamespaceSymbol user, INamespaceSymbol generated, HashSet<string> names)
    {
        if (generated.GetTypeMembers().Length > 0)
        {
            foreach (var type in user.GetTypeMembers())
            {
                AddNames(type, names);
            }
        }

        foreach (var inner in generated.GetNamespaceMembers())
        {
            if (Find(user, inner.Name) is { } ns)
            {
                AddNames(ns, inner, names);
            }
        }
    }

    private static void AddNames(INamedTypeSymbol type, HashSet<string> names)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol method && Attributes.IsWrapped(method))
            {
                names.Add(method.Name);
            }
            else if (member is INamedTypeSymbol nested)
            {
                AddNames(nested, names);
            }
        }
    }

    private static INamespaceSymbol? Find(INamespaceSymbol ns, string name) =>
        ns.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == name);
}
