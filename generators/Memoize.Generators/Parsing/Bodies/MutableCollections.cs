using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Collections whose content changes, and the calls that change it.</summary>
internal static class MutableCollections
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "AddFirst", "AddLast", "AddBefore", "AddAfter", "AddOrUpdate", "TryAdd", "GetOrAdd", "GetOrCreate", "GetOrCreateAsync", "TryUpdate", "Set", "Insert", "InsertRange",
        "Remove", "RemoveAt", "RemoveAll", "RemoveRange", "RemoveWhere", "RemoveFirst", "RemoveLast", "TryRemove", "TryTake", "Take", "Clear", "TrimExcess",
        "Sort", "Reverse", "Enqueue", "EnqueueRange", "EnqueueDequeue", "Dequeue", "TryDequeue", "Push", "PushRange", "Pop", "TryPop",
        "UnionWith", "ExceptWith", "IntersectWith", "SymmetricExceptWith", "Append", "AppendLine", "AppendFormat", "AppendJoin", "Replace", "Fill", "Resize", "SetValue",
    };

    // List.Reverse changes the list, Enumerable.Reverse and Append do not.
    public static bool IsMutation(IMethodSymbol method, ITypeSymbol receiver) =>
        Mutators.Contains(method.Name)
        && !method.IsExtensionMethod
        && method.ReducedFrom is null
        && method.Name != "TrimExcess"
        && IsMutable(receiver)
        && !(method.ReturnType is INamedTypeSymbol { IsReferenceType: true } result && SymbolEqualityComparer.Default.Equals(result, receiver) && !IsText(receiver));

    /// <summary>Array.Sort(a), Array.Clear(a)…: the first argument is changed.</summary>
    public static bool ChangesFirstArgument(IMethodSymbol method) =>
        method is { IsStatic: true, ContainingType.SpecialType: SpecialType.System_Array, Name: "Sort" or "Clear" or "Reverse" or "Fill" }
        || (method.ReducedFrom is { ContainingType.Name: "CollectionExtensions", Name: "AddRange" or "InsertRange" or "TryAdd" });

    public static bool IsMutable(ITypeSymbol type) => type.TypeKind == TypeKind.Array || IsText(type) || IsMemoryCache(type) || IsCollection(type);

    /// <summary>Collections that people remember results in by hand.</summary>
    public static bool IsMemo(ITypeSymbol type) =>
        type.Name is "Dictionary" or "ConcurrentDictionary" or "IDictionary" or "SortedDictionary" or "ConditionalWeakTable" or "Hashtable" || IsMemoryCache(type);

    private static bool IsText(ITypeSymbol type) => KnownTypes.MetadataName(type) == "System.Text.StringBuilder";

    private static bool IsMemoryCache(ITypeSymbol type) => type.Name is "MemoryCache" or "IMemoryCache";

    private static bool IsCollection(ITypeSymbol type)
    {
        var ns = type.ContainingNamespace?.ToDisplayString() ?? "";
        return ns is not ("System.Collections.Immutable" or "System.Collections.Frozen" or "System.Collections.ObjectModel") && type.SpecialType != SpecialType.System_String
            && (ns.StartsWith("System.Collections", StringComparison.Ordinal) || type.AllInterfaces.Any(i => i.MetadataName is "ICollection`1" or "IList" or "IDictionary"))
            || type is { Name: "ObservableCollection" or "Collection" or "KeyedCollection" };
    }
}
