using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>What the contexts of a program bring for JSON: the types that they name, and all that those are made of.</summary>
internal static class JsonContexts
{
    private const string Context = "System.Text.Json.Serialization.JsonSerializerContext";

    // A type that holds itself with ever longer arguments has no end, and the compiler's generator for JSON has none for it either.
    private const int Most = 10_000;

    public static HashSet<ITypeSymbol> TypesOf(Compilation compilation, Func<INamedTypeSymbol, IEnumerable<INamedTypeSymbol>> derivedFrom)
    {
        var types = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        if (compilation.GetTypeByMetadataName(Context) is not { } context)
        {
            return types;
        }

        var open = new Stack<ITypeSymbol>(derivedFrom(context).Concat(OfReferences(compilation, context)).SelectMany(RootsOf));
        while (open.Count > 0 && types.Count < Most)
        {
            var type = open.Pop();
            if (!types.Add(type))
            {
                continue;
            }

            foreach (var part in StoredType.PartsOf(type))
            {
                open.Push(part);
            }

            if (type is INamedTypeSymbol named && StoredType.KindOf(type) == StoredKind.Object)
            {
                foreach (var part in StoredType.StateOf(named).Select(static state => state.Type).Concat(StoredType.ElementsOf(named)).Concat(StoredType.KindsOf(named, "JsonDerivedTypeAttribute")))
                {
                    open.Push(part);
                }
            }
        }

        return types;
    }

    private static IEnumerable<ITypeSymbol> RootsOf(INamedTypeSymbol context) => context.GetAttributes()
        .Where(static attribute => attribute.AttributeClass?.Name == "JsonSerializableAttribute")
        .Select(static attribute => attribute.ConstructorArguments.FirstOrDefault().Value)
        .OfType<ITypeSymbol>();

    // A library brings its own where it can; those of the framework are for nobody else.
    private static IEnumerable<INamedTypeSymbol> OfReferences(Compilation compilation, INamedTypeSymbol context) => compilation.SourceModule.ReferencedAssemblySymbols
        .Where(assembly => !assembly.Name.StartsWith("System", StringComparison.Ordinal) && !assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
            && assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == context.ContainingAssembly.Name)))
        .SelectMany(static assembly => TypesOf(assembly.GlobalNamespace))
        .Where(type => SymbolEqualityComparer.Default.Equals(type.BaseType, context));

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(static member => member switch
    {
        INamespaceSymbol inner => TypesOf(inner),
        INamedTypeSymbol type => TypesOf(type).Prepend(type),
        _ => [],
    });
}
