using Memoize.Keys;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tests.Tiers;

/// <summary>A method with tiers, as the generator would make it: one of these is one process.</summary>
internal sealed class TieredCache<TValue>
{
    internal const string Name = "Shop.Prices.Find(string)";

    internal TieredCache(string tiers, CacheOptions? options = null, ulong shape = 1, string name = Name, bool tasks = false)
    {
        options ??= new() { Ttl = 300, Tiers = tiers };
        Method = new(name, options);
        Cache = Method.CreateCache<string, TValue>(tasks, new TierCodec<string>(shape, static key => "id:" + KeyPart.Shared(key)));
    }

    internal CachedMethod Method { get; }

    internal MethodCache<string, TValue> Cache { get; }

    internal int Runs;

    /// <summary>What the call of the method would do.</summary>
    internal async Task<TValue> CallAsync(string id, Func<Task<TValue>> original, EntryRules<TValue> rules = default)
        => Cache.TryGet(id, out var hit) ? hit : await Cache.LoadAsync(id, _ => { Interlocked.Increment(ref Runs); return original(); }, rules);

    internal Task<TValue> CallAsync(string id, TValue value, EntryRules<TValue> rules = default) => CallAsync(id, () => Task.FromResult(value), rules);

    internal TValue Call(string id, TValue value)
        => Cache.TryGet(id, out var hit) ? hit : Cache.Load(id, _ => { Interlocked.Increment(ref Runs); return value; });

    /// <summary>Another process with the same method.</summary>
    internal TieredCache<TValue> Another() => new("", Method.Options);

    /// <summary>The same, whatever its name.</summary>
    internal TieredCache<TValue> Another(string tiers) => new(tiers, name: Method.Name);
}

/// <summary>Tiers of one test, removed at its end.</summary>
internal sealed class TestTiers : IDisposable
{
    private readonly List<string> names = [];

    internal CacheTier Add(IDistributedCache store, out string name, CacheTierOptions? options = null)
    {
        name = "t" + Guid.NewGuid().ToString("N");
        names.Add(name);
        return Memo.AddTier(name, store, options ?? new() { Timeout = 5, RetryAfter = 0.01 });
    }

    public void Dispose()
    {
        foreach (var name in names)
            Memo.RemoveTier(name);
    }
}
