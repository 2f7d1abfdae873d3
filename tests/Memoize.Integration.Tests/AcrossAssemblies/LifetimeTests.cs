using Memoize.Integration.Library;
using Memoize.Integration.Tests.Peers;

namespace Memoize.Integration.Tests.AcrossAssemblies;

/// <summary>Every option about the life of an entry, of methods of a library that are called from here.</summary>
[Collection(nameof(Isolated))]
public sealed class LifetimeTests : IDisposable
{
    private readonly Bench bench = new();
    private readonly Stock stock = new();
    private readonly Depot depot;

    public LifetimeTests() => depot = new(stock);

    [Fact]
    public async Task StaleWhileRevalidate_gives_the_old_value_at_once_and_loads_once_behind_it()
    {
        Assert.Equal("1#1", await depot.RevalidatedAsync(1));
        bench.Pass(61);
        var opened = new TaskCompletionSource();
        stock.Gate = opened.Task;
        for (var i = 0; i < 5; i++)
            Assert.Equal("1#1", await depot.RevalidatedAsync(1));
        await Bench.Until(() => stock.Runs == 2);
        opened.SetResult();
        await Bench.Until(() => depot.RevalidatedAsync(1).Result == "1#2");
        Assert.Equal(2, stock.Runs);
        bench.Pass(661);
        Assert.Equal("1#3", await depot.RevalidatedAsync(1));
    }

    [Fact]
    public void StaleIfError_gives_the_old_value_where_a_load_fails_and_for_as_long_as_it_says()
    {
        Assert.Equal("1#1", depot.Resilient(1));
        stock.Fails = true;
        Assert.Throws<IOException>(() => depot.Resilient(2));
        bench.Pass(61);
        Assert.Equal("1#1", depot.Resilient(1));
        Assert.Equal(1, DepotCache.Resilient.Statistics.StaleOnFailure);
        bench.Pass(600);
        Assert.Throws<IOException>(() => depot.Resilient(1));
    }

    [Fact]
    public async Task RefreshAhead_loads_the_next_value_before_this_one_ends()
    {
        Assert.Equal("1#1", await depot.AheadAsync(1));
        bench.Pass(40);
        Assert.Equal("1#1", await depot.AheadAsync(1));
        Assert.Equal(1, stock.Runs);
        bench.Pass(20);
        Assert.Equal("1#1", await depot.AheadAsync(1));
        await Bench.Until(() => depot.AheadAsync(1).Result == "1#2");
        bench.Pass(45);
        Assert.Equal("1#2", await depot.AheadAsync(1));
        Assert.Equal(2, stock.Runs);
    }

    [Fact]
    public void Jitter_ends_a_value_in_the_last_part_of_its_life_and_never_later()
    {
        for (var id = 0; id < 50; id++)
            depot.Jittered(id);
        bench.Pass(79);
        for (var id = 0; id < 50; id++)
            depot.Jittered(id);
        Assert.Equal(50, stock.Runs);
        bench.Pass(11);
        for (var id = 0; id < 50; id++)
            depot.Jittered(id);
        Assert.InRange(stock.Runs, 51, 99);
        bench.Pass(101);
        Assert.DoesNotContain(Enumerable.Range(0, 50), id => DepotCache.Jittered.TryGet(id, out _));
    }

    [Fact]
    public async Task Timeout_gives_up_a_load_and_frees_the_key()
    {
        stock.Gate = new TaskCompletionSource().Task;
        var call = depot.InTimeAsync(1);
        bench.Pass(2.1);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        stock.Gate = Task.CompletedTask;
        Assert.Equal("1#2", await depot.InTimeAsync(1));
        Assert.Equal(1, DepotCache.InTimeAsync.Statistics.Timeouts);
    }

    [Fact]
    public void ErrorTtl_throws_the_same_again_without_a_load()
    {
        stock.Fails = true;
        var first = Assert.Throws<IOException>(() => depot.Failing(1));
        stock.Fails = false;
        Assert.Equal(first.Message, Assert.Throws<IOException>(() => depot.Failing(1)).Message);
        Assert.Equal(1, stock.Runs);
        bench.Pass(11);
        Assert.Equal("1#2", depot.Failing(1));
    }

    [Fact]
    public void NullTtl_and_CacheNull_tell_null_from_other_results()
    {
        Assert.Null(depot.Perhaps(-1));
        Assert.Equal("1#2", depot.Perhaps(1));
        bench.Pass(11);
        Assert.Null(depot.Perhaps(-1));
        Assert.Equal("1#2", depot.Perhaps(1));
        Assert.Equal(3, stock.Runs);

        Assert.Null(depot.Some(-1));
        Assert.Null(depot.Some(-1));
        Assert.Equal(depot.Some(1), depot.Some(1));
        Assert.Equal((6, 2L), (stock.Runs, DepotCache.Some.Statistics.NotStoredNull));
    }

    [Fact]
    public void When_and_Unless_are_methods_that_only_the_library_sees()
    {
        Assert.NotEqual(depot.Page("a", true), depot.Page("a", true));
        Assert.Equal(depot.Page("a", false), depot.Page("a", false));
        Assert.NotEqual(depot.Page("draft", false), depot.Page("draft", false));
        Assert.Equal((2L, 2L), (DepotCache.Page.Statistics.Bypassed, DepotCache.Page.Statistics.NotStoredByRule));
    }

    [Fact]
    public void TtlFrom_asks_the_value()
    {
        Assert.Equal(("10#1", "20#2", "0#3"), (depot.Token(10), depot.Token(20), depot.Token(0)));
        Assert.Equal("0#4", depot.Token(0));
        bench.Pass(15);
        Assert.Equal(("10#5", "20#2"), (depot.Token(10), depot.Token(20)));
    }

    [Fact]
    public void MaxBytes_bounds_what_the_weigher_says()
    {
        for (var id = 0; id < 20; id++)
            depot.Heavy(30, id);
        Assert.InRange(DepotCache.Heavy.Statistics.Weight, 30, 100);
        Assert.InRange(DepotCache.Heavy.Statistics.Count, 1, 3);
        Assert.NotEqual(depot.Heavy(200, 1), depot.Heavy(200, 1));
        Assert.Equal(2, DepotCache.Heavy.Statistics.NotStoredTooHeavy);
    }

    public void Dispose() => bench.Dispose();
}
