using Memoize.Tags;

namespace Memoize.Tests.Tags;

/// <summary>
/// Eight threads that call, refresh, evict by key, tag and part, clear, set and write through, a million times, in a cache that is too
/// small for its keys. Each key has a version in a "database" that only grows: a call must never see one older than that of a write
/// which had returned before the call began. Writers do not wait for each other, so that writes of one key overlap.
/// </summary>
public class InvalidationStressTests
{
    private const int Threads = 8;
    private const int Steps = 130_000;
    private const int Keys = 12;
    private const int Groups = 3;

    private readonly string id = Guid.NewGuid().ToString("N");
    private readonly long[] database = new long[Keys];
    private readonly long[] settled = new long[Keys];
    private readonly CachedMethod method;
    private readonly MethodCache<int, long> cache;
    private readonly Handle handle;

    public InvalidationStressTests()
    {
        method = TestCache.Method(new() { MaxSize = 8 });
        cache = method.CreateCache<int, long>();
        handle = new(method);
    }

    private sealed class Handle(CachedMethod method) : CacheHandle(method);

    private EntryRules<long> Rules(int key) => new() { Tags = [EntryTag.Of($"{id}:{key % Groups}"), EntryTag.Of(id + ":all"), EntryTag.Part(0, key)] };

    private long Load(int key, bool linger)
    {
        var value = Volatile.Read(ref database[key]);
        if (linger)
            Thread.Yield();
        return value;
    }

    private void Write(int key, Random random)
    {
        var linger = random.Next(3) == 0;
        using var update = random.Next(2) == 0 ? handle.BeginUpdate() : null;
        var version = Interlocked.Increment(ref database[key]);
        if (linger)
            Thread.Yield();
        switch (random.Next(16))
        {
            case var _ when update is not null: cache.Set(key, version, Rules(key), update); break;
            case 0: method.Clear(); break;
            case 1: Memo.EvictTag(id + ":all"); break;
            case < 5: Memo.EvictTag($"{id}:{key % Groups}"); break;
            case < 10: cache.EvictWhere(EntryTag.Part(0, key), EntryTag.Of($"{id}:{key % Groups}")); break;
            default: cache.Evict(key); break;
        }

        for (var seen = Volatile.Read(ref settled[key]); seen < version;)
            seen = Interlocked.CompareExchange(ref settled[key], version, seen) is var now && now == seen ? version : now;
    }

    [Fact]
    public async Task No_value_outlives_its_invalidation_and_the_index_keeps_nothing()
    {
        var threads = Concurrency.OnThreads(Threads, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < Steps; i++)
            {
                var key = random.Next(Keys);
                var linger = random.Next(8) == 0;
                if (random.Next(6) == 0)
                {
                    Write(key, random);
                    continue;
                }

                var floor = Volatile.Read(ref settled[key]);
                if (random.Next(20) == 0)
                {
                    // It may join another that began a moment before, so what it returns proves nothing; what it keeps does.
                    cache.Refresh(key, _ => Load(key, linger), Rules(key));
                }

                var value = cache.Get(key, _ => Load(key, linger), Rules(key));
                if (value < floor)
                    throw new InvalidOperationException($"Version {floor} of key {key} was written, and a call that started later got {value}.");
            }

            return 0;
        });
        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromMinutes(3));

        Assert.Empty(method.Updates);
        for (var key = 0; key < Keys; key++)
            Assert.True(!cache.Peek(key, out var kept) || kept == database[key], $"Key {key} is at {database[key]}, and the cache keeps {kept}.");
        Assert.Equal(cache.Count, cache.Tagged.Keys);
        Memo.EvictTag(id + ":all");
        Assert.Equal((0, (0, 0)), (cache.Count, cache.Tagged));
        Assert.True(cache.Statistics is { Hits: > 0, NotStoredEvicted: > 0, EvictionsByCapacity: > 0, LoadFailures: 0, NotStoredFailed: 0 });
    }
}
