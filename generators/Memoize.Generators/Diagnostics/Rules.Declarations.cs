using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What can be cached at all, and how generated code reaches it.
internal static partial class Rules
{
    /// <summary>The method has a shape that cannot be cached: nothing to remember, ref parameters, iterators…</summary>
    public static readonly DiagnosticDescriptor Declaration = Error(
        "MEMO0001", "This method cannot be cached", "'{0}' cannot be cached: {1}");

    /// <summary>A partial method without its core.</summary>
    public static readonly DiagnosticDescriptor Core = Error(
        "MEMO0002", "The body of a cached partial method is missing", "'{0}' is a cached partial method, {1}");

    /// <summary>Interception is not possible in this project.</summary>
    public static readonly DiagnosticDescriptor NotEnabled = Error(
        "MEMO0003", "Calls cannot be intercepted in this project", "Calls of '{0}' cannot be intercepted: {1}");

    /// <summary>Generated code cannot name the method or a type in its signature.</summary>
    public static readonly DiagnosticDescriptor Inaccessible = Error(
        "MEMO0004", "Generated code cannot reach this method", "'{0}' cannot be reached by generated code: {1}");

    /// <summary>The name of the class of handles is taken.</summary>
    public static readonly DiagnosticDescriptor HandleName = Error(
        "MEMO0401",
        "The name of the handle class is taken",
        "The handles of '{0}' would be generated as '{1}', but {2}: put [CacheHandles(\"AnotherName\")] on '{0}'");
}
