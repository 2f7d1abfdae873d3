using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What a key is made of: parameters, and what the method reads of its instance.
internal static partial class Rules
{
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
}
