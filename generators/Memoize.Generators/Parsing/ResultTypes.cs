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

    // What can be read once, wherever it is held.
    private static readonly HashSet<string> OneShot = new(StringComparer.Ordinal)
    {
        "System.IO.Stream", "System.IO.TextReader", "System.IO.BinaryReader", "System.IO.Pipelines.PipeReader", "System.Net.Http.HttpResponseMessage", "System.Net.Http.HttpContent",
        "System.Data.IDataReader", "System.Runtime.InteropServices.SafeHandle", "System.Collections.IEnumerator", "System.Collections.Generic.IAsyncEnumerator`1",
        "System.Collections.Generic.IAsyncEnumerable`1", "System.Linq.IQueryable",
    };

    public static string? WhyNot(ITypeSymbol type, Compilation compilation) =>
        WhyNotItself(type, compilation)
        ?? SharedResults.Parts(type).Select(part => WhyNot(part, compilation) is { } reason ? $"inside of '{Names.Short(type)}', {reason}" : null).FirstOrDefault(reason => reason is not null)
        ?? WhyNotMember(type, Names.Short(type), 2);

    // A download with its stream, a page with its query.
    private static string? WhyNotMember(ITypeSymbol type, string path, int depth)
    {
        if (depth == 0 || type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, DeclaringSyntaxReferences.Length: > 0 } || ServiceTypes.IsService(type))
        {
            return null;
        }

        foreach (var member in type.GetMembers())
        {
            var held = member switch
            {
                { IsStatic: true } or { DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal) } => null,
                IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
                IFieldSymbol field => field.Type,
                _ => null,
            };
            if (held is null)
            {
                continue;
            }

            var here = path + "." + member.Name;
            if (IsOneShot(held))
            {
                return $"{here} is '{Names.Short(held)}', which only one caller can read; return the data it gives access to";
            }

            if (WhyNotMember(held, here, depth - 1) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static bool IsOneShot(ITypeSymbol type) => Lineage.Of(type).Concat(type.AllInterfaces).Any(one => OneShot.Contains(KnownTypes.MetadataName(one)));

    private static string? WhyNotItself(ITypeSymbol type, Compilation compilation)
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
