namespace Memoize.Integration.Tests.Model;

/// <summary>Cached methods of every temper, and methods that write what they read. All of them are too small for their keys.</summary>
/// <remarks>An id belongs to the group <c>id % 4</c>, which is in the key so that entries can be evicted by a part of it.</remarks>
internal static class Shelf
{
    [Cached(Ttl = 5, MaxSize = 12, Tags = new[] { "row:{id}" })]
    internal static Row Plain([CacheKey(Indexed = true)] int group, int id, [NotInKey] Call call)
        => call.World.Load(Kind.Plain, id, call, default);

    [Cached(Ttl = 5, Timeout = 3, MaxSize = 12, Eviction = Eviction.Lfu)]
    internal static Task<Row> LazyAsync(int group, int id, [NotInKey] Call call, CancellationToken cancellationToken)
        => call.World.LoadAsync(Kind.Lazy, id, call, cancellationToken);

    [CachedBatch(nameof(LazyAsync))]
    internal static Task<IReadOnlyDictionary<int, Row>> LazyManyAsync(
        int group, IReadOnlyCollection<int> ids, [NotInKey] Call call, CancellationToken cancellationToken)
        => call.World.LoadManyAsync(Kind.Lazy, ids, call, cancellationToken);

    [Cached(Ttl = 2, StaleWhileRevalidate = 4, RefreshAhead = 0.5, Jitter = 0.2, MaxSize = 12, Tags = new[] { "row:{id}", "stale" })]
    internal static Task<Row> StaleAsync([CacheKey(Indexed = true)] int group, int id, [NotInKey] Call call, CancellationToken cancellationToken)
        => call.World.LoadAsync(Kind.Stale, id, call, cancellationToken);

    [Cached(Ttl = 2, StaleIfError = 6, ErrorTtl = 1, MaxSize = 12, Tags = new[] { "row:{id}" })]
    internal static Row Sturdy(int group, int id, [NotInKey] Call call, CancellationToken cancellationToken)
        => call.World.Load(Kind.Sturdy, id, call, cancellationToken);

    [CachedBatch(nameof(Sturdy))]
    internal static Row[] SturdyMany(int group, int[] ids, [NotInKey] Call call, CancellationToken cancellationToken)
        => call.World.LoadMany(Kind.Sturdy, ids, call, cancellationToken);

    [Cached(Ttl = 6, Sliding = 3, MaxSize = 16, MaxBytes = 48, Weigher = nameof(Weigh), Tags = new[] { "row:{id}" })]
    internal static async ValueTask<Row> SlideAsync([CacheKey(Indexed = true)] int group, int id, [NotInKey] Call call, CancellationToken cancellationToken)
        => await call.World.LoadAsync(Kind.Slide, id, call, cancellationToken);

    internal static long Weigh(Row row) => 1 + (row.Version % 8);

    // Writes, each with the change of the cells inside, as in a repository.

    [Evicts(nameof(Plain))]
    internal static void ChangePlain(int group, int id, Action change) => change();

    [Updates(nameof(Plain))]
    internal static Row SavePlain(int group, int id, Func<Row> save) => save();

    [Updates(nameof(LazyAsync))]
    internal static Row SaveLazy(int group, int id, Func<Row> save) => save();

    [Updates(nameof(StaleAsync))]
    internal static async Task<Row> SaveStaleAsync(int group, int id, Func<Row> save)
    {
        await Task.Yield();
        return save();
    }

    [Updates(nameof(Sturdy))]
    internal static Row SaveSturdy(int group, int id, Func<Row> save) => save();

    [EvictsTag("row:{id}", Before = true)]
    internal static void ChangeRow(int id, Action change) => change();

    [Evicts(nameof(SlideAsync), All = true)]
    [Evicts(nameof(LazyAsync), All = true)]
    internal static async Task ChangeAllAsync(Action change)
    {
        await Task.Yield();
        change();
    }
}
