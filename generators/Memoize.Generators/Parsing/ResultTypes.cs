using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Results that cannot be handed out a second time.</summary>
internal static class ResultTypes
{
    private static readonly HashSet<string> Lazy = new(StringComparer.Ordinal)
    {
        "System.Collections.IEnumerable", "System.Collections.Generic.IEnumerable`1", "System.Collections.IEnumerator",
        "System.Collections.Generic.IEnumerator`1", "System.Collections.Generic.IAsyncEnumerable`1",
        "System.Collections.Generic.IAsyncEnumerator`1", "System.Linq.IQueryable", "System.Linq.IQueryable`1",
        "System.Linq.IOrderedQueryable`1", "System.Lazy`1", "System.Linq.IOrderedEnumerable`1", "System.Linq.ParallelQuery`1", "System.Linq.IGrouping`2",
    };

    public static string? WhyNot(ITypeSymbol type, Compilation compilation)
    {
        var name = Names.Short(type);
        if (type.IsRefLikeType)
        {
            return $"'{name}' is a ref struct, which cannot be remembered";
        }

        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
        {
            return $"'{name}' is a pointer, and what it points at may be gone";
        }

        if (KnownTypes.IsTask(type) || KnownTypes.IsTaskOf(type) || KnownTypes.IsValueTask(type) || KnownTypes.IsValueTaskOf(type))
        {
            return $"'{name}' is a running operation inside another; return the inner result";
        }

        var metadataName = KnownTypes.MetadataName(type);
        if (Lazy.Contains(metadataName))
        {
            return $"'{name}' may be lazy or usable only once; return a list, an array or another collection that holds its items";
        }

        if (type is ITypeParameterSymbol)
        {
            return null;
        }

        if (Implements(type, compilation, "System.IDisposable") || Implements(type, compilation, "System.IAsyncDisposable"))
        {
            return $"'{name}' is disposable, and the first caller to dispose of it would break it for all the others; return the data it gives access to";
        }

        if (type.GetMembers("GetAwaiter").Any(m => m is IMethodSymbol { Parameters.Length: 0 }))
        {
            return $"'{name}' is awaitable, and only Task<T> and ValueTask<T> can be remembered";
        }

        return null;
    }

    private static bool Implements(ITypeSymbol type, Compilation compilation, string name) =>
        compilation.GetTypeByMetadataName(name) is { } wanted
        && (SymbolEqualityComparer.Default.Equals(type, wanted) || type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default));
}
