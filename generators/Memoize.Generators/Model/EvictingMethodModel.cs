using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>Everything the emitter needs to know of one method that evicts or updates what others remember.</summary>
internal sealed record EvictingMethodModel : WrappedMethodModel
{
    /// <summary>Whether the method returns something, besides a task.</summary>
    public required bool HasResult { get; init; }

    /// <summary>What generated code calls that.</summary>
    public required string Result { get; init; }

    /// <summary>What is evicted and updated, in the order of the attributes.</summary>
    public required EquatableArray<InvalidationModel> Invalidations { get; init; }

    /// <summary>Whether something is passed that no asynchronous method can hold: a reference, or a span.</summary>
    public required bool TakesReferences { get; init; }

    /// <summary>Whether it must know the decorator that runs it.</summary>
    public bool TakesDecorator => Invalidations.Any(invalidation => invalidation.OfDecorator);
}

/// <summary>What becomes of entries.</summary>
internal enum InvalidationKind
{
    /// <summary>One entry is evicted.</summary>
    Evict,

    /// <summary>All entries of a method are evicted.</summary>
    Clear,

    /// <summary>One entry gets a new value.</summary>
    Update,

    /// <summary>All entries with a tag are evicted, of whatever method.</summary>
    EvictTag,
}

/// <summary>One thing that a method evicts or updates.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Before">Whether it happens before the method, too, and whether or not it succeeds.</param>
/// <param name="HandleClass">The class of the handle where it can have an alias, or nothing.</param>
/// <param name="Handle">The handle: <c>global::Shop.UserServiceCache.GetUser</c>; of a tag, its text as a C# expression.</param>
/// <param name="TypeArguments">Those of the cached method, or nothing.</param>
/// <param name="Condition">What must hold for there to be an entry (<c>user is { Id: var id }</c>), or nothing.</param>
/// <param name="Arguments">What names the entry.</param>
/// <param name="Uses">The parameters of the method, and its instance, that occur in these.</param>
internal sealed record InvalidationModel(
    InvalidationKind Kind,
    bool Before,
    string HandleClass,
    string Handle,
    string TypeArguments,
    string Condition,
    EquatableArray<string> Arguments,
    EquatableArray<string> Uses)
{
    /// <summary>Whether the update is for the decorator that runs the method, and not for all caches there are.</summary>
    public bool OfDecorator { get; init; }

    /// <summary>Where a result may be null that the cached method never returns: such a result evicts.</summary>
    public bool EvictsNull { get; init; }

    /// <summary>Whether what is evicted may be in tiers, for which an asynchronous method does not hold its thread.</summary>
    public bool HasTiers { get; init; }
}
