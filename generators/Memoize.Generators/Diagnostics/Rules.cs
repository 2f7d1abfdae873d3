using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

/// <summary>
/// Every diagnostic of Memoize. Numbers go by area and are never used twice: 0001 declarations, 0101 keys, 0201 results,
/// 0301 options, 0401 handles, 1001 calls that are not intercepted.
/// </summary>
internal static class Rules
{
    private const string Category = "Memoize";

    private const string HelpRoot = "https://github.com/memoize/memoize/blob/main/docs/rules/";

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

    /// <summary>A parameter whose type has no value equality that could be relied on.</summary>
    public static readonly DiagnosticDescriptor KeyType = Error(
        "MEMO0101", "This parameter cannot be part of a cache key", "Parameter '{0}' of '{1}' cannot be part of the cache key: {2}");

    /// <summary>A key attribute that asks for something impossible.</summary>
    public static readonly DiagnosticDescriptor KeyAttribute = Error(
        "MEMO0102", "This key attribute does not fit", "{0} on '{1}' does not fit: {2}");

    /// <summary>The method reads state of its instance, and nobody has said what that means for the key.</summary>
    public static readonly DiagnosticDescriptor ReceiverState = Error(
        "MEMO0103",
        "The result depends on state of the instance",
        "'{0}' reads {1}, so its result may differ between instances: put [CacheKey] on that member to make it part of the key, set PerInstance = true to give every instance a cache of its own, or put [NotInKey] on the member if it cannot change the result");

    /// <summary>An override that reads state behind a shared cache.</summary>
    public static readonly DiagnosticDescriptor OverrideState = Error(
        "MEMO0104",
        "An override of a cached method reads state of its instance",
        "'{0}' overrides a cached method whose entries all instances of its type share, but it reads {1}: put [Cached(PerInstance = true)] on the overridden method, or do not read that state here");

    /// <summary>A result that cannot be handed out twice.</summary>
    public static readonly DiagnosticDescriptor Result = Error(
        "MEMO0201", "This result cannot be remembered", "The result of '{0}' cannot be remembered: {1}");

    /// <summary>An option outside its range or against another one.</summary>
    public static readonly DiagnosticDescriptor Option = Error(
        "MEMO0301", "This option has no meaning", "{0} of '{1}' has no meaning: {2}");

    /// <summary>The name of the class of handles is taken.</summary>
    public static readonly DiagnosticDescriptor HandleName = Error(
        "MEMO0401",
        "The name of the handle class is taken",
        "The handles of '{0}' would be generated as '{1}', but {2}: put [CacheHandles(\"AnotherName\")] on '{0}'");

    /// <summary>A call that reaches the original without the cache.</summary>
    public static readonly DiagnosticDescriptor NotIntercepted = new(
        "MEMO1001",
        "This call is not cached",
        "This call of '{0}' is not cached: {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "MEMO1001.md");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + id + ".md");
}
