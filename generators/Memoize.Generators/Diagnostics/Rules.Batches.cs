using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// Methods that load several things at once for a cached method that loads one.
internal static partial class Rules
{
    /// <summary>The cached method that the batch names is not there, or cannot have a batch.</summary>
    public static readonly DiagnosticDescriptor BatchTarget = Error(
        "MEMO0801", "The cached method of this batch is not there", "'{0}' is a batch of '{1}', but {2}");

    /// <summary>No parameter holds the items, or more than one might.</summary>
    public static readonly DiagnosticDescriptor BatchItems = Error(
        "MEMO0802", "What the batch asks for cannot be found among its parameters", "'{0}' is a batch of '{1}', but {2}");

    /// <summary>The result cannot be put together from parts, or holds other values.</summary>
    public static readonly DiagnosticDescriptor BatchResult = Error(
        "MEMO0803", "The result of this batch does not fit", "'{0}' is a batch of '{1}', but {2}");

    /// <summary>A parameter of one of the two methods that has none of its name in the other.</summary>
    public static readonly DiagnosticDescriptor BatchParameter = Error(
        "MEMO0804", "A parameter of the batch and the key do not match", "'{0}' is a batch of '{1}', but {2}");

    /// <summary>Two attributes that exclude each other.</summary>
    public static readonly DiagnosticDescriptor BatchAndCached = Error(
        "MEMO0805",
        "A method cannot be cached and be a batch",
        "'{0}' carries [Cached] and [CachedBatch], and its result would be remembered whole and in parts: remove [Cached], or load through another method");

    /// <summary>The instance tells entries of the cached method apart in a way that the batch does not know.</summary>
    public static readonly DiagnosticDescriptor BatchReceiver = Error(
        "MEMO0806", "The instance of the batch does not fit the entries", "'{0}' is a batch of '{1}', but {2}");
}
