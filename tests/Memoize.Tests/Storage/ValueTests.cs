using Memoize.Storage;

namespace Memoize.Tests.Storage;

public class ValueTests
{
    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Nothing_that_leaves_is_disposed(Eviction eviction)
    {
        var store = Stores.Of<int, MemoryStream>(eviction, maxSize: 10, ttl: 1);
        var streams = new List<MemoryStream>();
        MemoryStream New()
        {
            var stream = new MemoryStream();
            streams.Add(stream);
            return stream;
        }

        for (var key = 0; key < 100; key++)
            store.Put(key % 30, New());
        store.Put(5, New());
        store.Put(5, streams[^1]);
        store.Store.Remove(5);
        store.Advance(1000);
        store.Put(6, New());
        store.Store.TrimExpired(int.MaxValue);

        Assert.All(streams, stream => Assert.True(stream.CanRead));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void An_unfinished_task_as_a_value_is_left_alone(Eviction eviction)
    {
        var store = Stores.Of<int, Task<int>>(eviction, maxSize: 5);
        var sources = Enumerable.Range(0, 50).Select(_ => new TaskCompletionSource<int>()).ToList();
        for (var key = 0; key < 50; key++)
            store.Put(key % 20, sources[key].Task);
        store.Store.Remove(store.Store.Snapshot().First().Key);

        sources[0].SetResult(7);
        Assert.True(sources[0].Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void Null_is_a_value()
    {
        var store = Stores.Of<int, string?>();
        store.Put(1, null);

        Assert.True(store.Store.TryGet(1, out var entry));
        Assert.Null(entry.Value);
    }

    [Theory]
    [InlineData(Eviction.Lru, 0.0)]
    [InlineData(Eviction.Lfu, 0.0)]
    [InlineData(Eviction.Lru, 300.0)]
    [InlineData(Eviction.Lfu, 300.0)]
    public async Task A_store_for_tasks_has_one_task_for_an_entry(Eviction eviction, double sliding)
    {
        var store = new EntryStore<int, string>(
            new CacheOptions { Eviction = eviction, Sliding = sliding }, Clock.System, new StoreCounters(), tasks: true);
        store.Put(1, "x");

        Assert.True(store.TryGetTask(1, out var first));
        Assert.True(store.TryGetTask(1, out var second));
        Assert.True(store.TryGet(1, out var entry));
        Assert.Same(first, second);
        Assert.Same(first, store.TaskOf(entry));
        Assert.Equal("x", await first);
        Assert.False(store.TryGetTask(2, out _));
        Assert.True(store.Remove(1));
        Assert.False(store.TryGetTask(1, out _));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(300.0)]
    public async Task A_store_that_is_not_made_for_tasks_serves_them_too(double sliding)
    {
        var store = new EntryStore<int, string>(new CacheOptions { Sliding = sliding }, Clock.System, new StoreCounters());
        store.Put(1, "x");

        Assert.True(store.TryGetTask(1, out var task));
        Assert.Equal("x", await task);
        Assert.False(store.TryGetTask(2, out _));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(300.0, 0.0)]
    [InlineData(0.0, 300.0)]
    [InlineData(0.1, 0.0)]
    public void A_hit_allocates_nothing(double ttl, double sliding)
    {
        var store = new EntryStore<(int, string), string>(
            new CacheOptions { Ttl = ttl, Sliding = sliding }, Clock.System, new StoreCounters(), tasks: true);
        store.Put((1, "a"), "x");

        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                store.TryGet((1, "a"), out _);
                store.TryGetTask((1, "a"), out _);
            }
        }));
    }

    [Fact]
    public async Task Hits_of_many_threads_are_counted_exactly()
    {
        var store = Stores.Of(sliding: 60);
        store.Put(1, 1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
                store.Has(1);
        })));

        Assert.Equal(200_000, store.Counters.Hits);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public async Task What_was_put_is_found_while_others_trim_and_evict(Eviction eviction)
    {
        // Each thread has keys of its own, fewer in all than there is room: none may get lost, whatever the others do.
        var store = new EntryStore<int, int>(new CacheOptions { Eviction = eviction, MaxSize = 1000, Ttl = 300 }, Clock.System, new StoreCounters());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var key = (thread * 1000) + (i % 100);
                store.Put(key, i);
                Assert.True(store.TryGet(key, out var entry));
                Assert.Equal(i, entry.Value);
                if (i % 5 == 0)
                    Assert.True(store.Remove(key));
                if (i % 50 == 0)
                    store.TrimExpired(100);
            }
        })));
    }
}
