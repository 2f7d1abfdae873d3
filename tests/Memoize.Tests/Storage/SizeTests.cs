using Memoize.Storage;

namespace Memoize.Tests.Storage;

/// <summary>What an entry takes beside the node that the engine makes for its key. With that node, 80 bytes are 199.</summary>
public class SizeTests
{
    [Theory]
    [InlineData(false, 0, 0, 0, 32)]
    [InlineData(true, 0, 0, 0, 40)]
    [InlineData(false, 60, 0, 0, 64)]
    [InlineData(true, 60, 0, 0, 64)]
    [InlineData(false, 0, 60, 0, 80)]
    [InlineData(true, 60, 60, 0, 80)]
    [InlineData(true, 0, 0, 1000, 56)]
    [InlineData(true, 60, 0, 1000, 72)]
    [InlineData(true, 60, 60, 1000, 88)]
    public void Entries_have_only_what_their_options_need(bool tasks, double sliding, double stale, long maxBytes, int bytes)
    {
        var options = new CacheOptions { Ttl = 300, Sliding = sliding, StaleWhileRevalidate = stale, MaxBytes = maxBytes };
        var store = new EntryStore<int, string>(options, Clock.System, new StoreCounters(), tasks);
        store.Put(1, "x");

        // The key has its node already.
        Assert.Equal(bytes, Allocated.By(() => store.Put(1, "x"), least: bytes));
    }

    [Fact]
    public void The_first_hit_makes_the_task_and_no_other_does()
    {
        var store = new EntryStore<int, string>(new CacheOptions { Ttl = 300 }, Clock.System, new StoreCounters(), tasks: true);
        Assert.InRange(Allocated.By(() => { store.Put(1, "x"); store.TryGetTask(1, out _); }, least: 112), 100, 120);
        Assert.Equal(0, Allocated.By(() => store.TryGetTask(1, out _)));
    }

    [Fact]
    public void Hits_that_come_first_at_once_get_the_same_task()
    {
        for (var round = 0; round < 200; round++)
        {
            var store = new EntryStore<int, string>(new CacheOptions { Ttl = 300 }, Clock.System, new StoreCounters(), tasks: true);
            store.Put(1, "x");
            using var start = new Barrier(4);
            var found = new Task<string>?[4];
            var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                store.TryGetTask(1, out found[i]);
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.All(found, task => Assert.Same(found[0], task));
            Assert.NotNull(found[0]);
        }
    }
}
