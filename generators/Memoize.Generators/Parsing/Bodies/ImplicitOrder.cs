using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Texts that are put in order without a comparer: that is the order of the current culture.</summary>
internal static class ImplicitOrder
{
    private static readonly HashSet<string> Sorted = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.PriorityQueue`2",
    };

    /// <summary>Whether the call orders texts.</summary>
    public static bool Of(IInvocationOperation call, IMethodSymbol method) => (KnownTypes.MetadataName(method.ContainingType), method.Name) switch
    {
        ("System.Linq.Enumerable", "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "MinBy" or "MaxBy") =>
            IsText(method.TypeArguments.LastOrDefault()) && HasNoComparer(call),
        ("System.Linq.Enumerable", "Order" or "OrderDescending") => IsText(method.TypeArguments.LastOrDefault()) && HasNoComparer(call),
        ("System.Linq.Enumerable", "Min" or "Max") => IsText(method.ReturnType) && HasNoComparer(call),
        ("System.Collections.Generic.List`1", "Sort") => IsText(method.ContainingType.TypeArguments[0]) && HasNoComparer(call),
        ("System.Array", "Sort") => IsText(method.TypeArguments.FirstOrDefault()) && HasNoComparer(call),
        _ => false,
    };

    /// <summary>Whether the collection keeps texts in order.</summary>
    public static bool Of(IObjectCreationOperation creation, IMethodSymbol constructor) =>
        Sorted.Contains(KnownTypes.MetadataName(constructor.ContainingType))
        && IsText(constructor.ContainingType.TypeArguments[constructor.ContainingType.Name == "PriorityQueue" ? 1 : 0])
        && !creation.Arguments.Any(argument => IsComparer(argument.Parameter?.Type));

    private static bool HasNoComparer(IInvocationOperation call) => !call.Arguments.Any(argument =>
        IsComparer(argument.Parameter?.Type) && argument.Value.Unwrapped().ConstantValue is not { HasValue: true, Value: null });

    private static bool IsComparer(ITypeSymbol? type) => type?.Name is "IComparer" or "Comparison";

    private static bool IsText(ITypeSymbol? type) => type?.SpecialType == SpecialType.System_String;
}
