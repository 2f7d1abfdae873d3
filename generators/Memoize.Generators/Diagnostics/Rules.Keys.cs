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

    /// <summary>A floating-point number in the key.</summary>
    public static readonly DiagnosticDescriptor FloatInKey = Info(
        "MEMO0105",
        "A floating-point number is part of the key",
        "Parameter '{0}' of '{1}' is a {2}: numbers that differ in their last bits are different keys, and a computed number seldom comes back bit by bit, so entries are seldom found again; round it before the call, or take a decimal or a whole number");

    /// <summary>A string that the body only uses without regard to case.</summary>
    public static readonly DiagnosticDescriptor CaseInKey = Info(
        "MEMO0106",
        "Case is part of the key and does not matter",
        "'{1}' uses parameter '{0}' only without regard to case, but the key keeps \"a\" and \"A\" apart and the work is done once for each spelling: mark it [CacheKey(IgnoreCase = true)]");

    /// <summary>Parameters, but none of them in the key.</summary>
    public static readonly DiagnosticDescriptor EmptyKey = Warning(
        "MEMO0107",
        "Nothing is left in the key",
        "All calls of '{0}' share one entry, because none of its parameters is part of the key: {1}; put back what can change the result");

    /// <summary>A tenant, a user, a culture that the author took out of the key.</summary>
    public static readonly DiagnosticDescriptor IdentityNotInKey = Warning(
        "MEMO0108",
        "Who is asking is left out of the key",
        "Parameter '{0}' of '{1}' is marked [NotInKey], but its name says that it tells {2}s apart, and then one {2} would get what was remembered for another: remove [NotInKey]");

    /// <summary>A member of the instance that is in the key and can be set.</summary>
    public static readonly DiagnosticDescriptor SettableKeyMember = Info(
        "MEMO0109",
        "A member that is part of the key can be changed",
        "'{0}' is part of the key of '{1}' and can be set: where it is set while a load runs, nothing is remembered, and whoever waited for it loads anew; make it readonly or init");

    /// <summary>A type argument, or a type that derives from a library's parameter, without a value equality that could be relied on.</summary>
    public static readonly DiagnosticDescriptor PassedType = Error(
        "MEMO0113", "What this call passes cannot be part of a cache key", "What this call of '{1}' passes for '{0}' cannot be part of the cache key: {2}");

    /// <summary>A collection of a type that the key cannot copy.</summary>
    public static readonly DiagnosticDescriptor UnknownCollection = Info(
        "MEMO0114",
        "This collection sends the call past the cache",
        "This call of '{1}' goes past the cache, because what it passes for '{0}' is of type '{2}', and {3}");
}
