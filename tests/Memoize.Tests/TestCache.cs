namespace Memoize.Tests;

/// <summary>Caches for one test each.</summary>
internal static class TestCache
{
    private static int count;

    public static CachedMethod Method(CacheOptions? options = null, string name = "Shop.Store.Get")
        => new($"{name}{Interlocked.Increment(ref count)}(int)", options ?? new());

    public static MethodCache<int, string> Of(CacheOptions? options = null, bool tasks = false) => Of<int, string>(options, tasks);

    public static MethodCache<TKey, TValue> Of<TKey, TValue>(CacheOptions? options = null, bool tasks = false)
        where TKey : IEquatable<TKey>
        => Method(options).CreateCache<TKey, TValue>(tasks);

    /// <summary>What generated code does for a synchronous method.</summary>
    public static TValue Get<TKey, TValue>(
        this MethodCache<TKey, TValue> cache, TKey key, Func<CancellationToken, TValue> load, CancellationToken cancellationToken = default)
        where TKey : IEquatable<TKey>
        => cache.TryGet(key, out var hit) ? hit : cache.Load(key, load, cancellationToken);

    /// <summary>What generated code does for a method that returns a task.</summary>
    public static Task<TValue> GetAsync<TKey, TValue>(
        this MethodCache<TKey, TValue> cache, TKey key, Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken = default)
        where TKey : IEquatable<TKey>
        => cache.TryGetTask(key, out var hit) ? hit : cache.LoadAsync(key, load, cancellationToken);

    /// <summary>The same for a method with rules.</summary>
    public static TValue Get<TKey, TValue>(
        this MethodCache<TKey, TValue> cache, TKey key, Func<CancellationToken, TValue> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        where TKey : IEquatable<TKey>
        => cache.TryGet(key, out var hit) ? hit : cache.Load(key, load, rules, cancellationToken);

    /// <summary>The same for a method with rules that returns a task.</summary>
    public static Task<TValue> GetAsync<TKey, TValue>(
        this MethodCache<TKey, TValue> cache, TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        where TKey : IEquatable<TKey>
        => cache.TryGetTask(key, out var hit) ? hit : cache.LoadAsync(key, load, rules, cancellationToken);
}
