using Memoize.Isolation;

namespace Memoize.Testing.Tests;

public sealed class MemoTestTests : IDisposable
{
    private readonly MemoTest memo = MemoTest.Isolate();
    private readonly FakeTable table = new();
    private readonly Users users;

    public MemoTestTests() => users = new(table);

    public void Dispose() => memo.Dispose();

    [Fact]
    public void Numbers_of_one_method_are_expected()
    {
        users.Get(1);
        users.Get(1);
        var get = memo.Of(UsersCache.Get).Expect(hits: 1, misses: 1, loads: 1, count: 1, evictions: 0, failures: 0, bypassed: 0);
        Assert.Equal((1, 1, 1, 1), (get.Hits, get.Misses, get.Loads, get.Count));
        Assert.Equal(["id: 1"], get.Keys);
        Assert.Equal("Memoize.Testing.Tests.Users.Get(int): 1 hits, 1 misses, 1 loads, 1 entries", get.ToString());
    }

    [Fact]
    public void What_is_not_met_is_told_with_what_has_happened()
    {
        users.Get(1);
        users.Get(7);
        var failure = Assert.Throws<MemoTestException>(() => memo.Of(UsersCache.Get).Expect(loads: 1, hits: 0));
        Assert.StartsWith("Memoize.Testing.Tests.Users.Get(int): expected 1 load, but there were 2.", failure.Message);
        Assert.Contains("load       Memoize.Testing.Tests.Users.Get(int) (id: 7)", failure.Message);

        failure = Assert.Throws<MemoTestException>(() => memo.Of(UsersCache.Get).ExpectEntry("id: 2"));
        Assert.StartsWith("Memoize.Testing.Tests.Users.Get(int): expected an entry (id: 2), but there are (id: 1), (id: 7).", failure.Message);
        memo.Of(UsersCache.Get).ExpectEntry("id: 1").ExpectNoEntry("id: 2");
        Assert.Throws<MemoTestException>(() => memo.Of(UsersCache.Get).ExpectNoEntry("id: 1"));
    }

    [Fact]
    public async Task One_call_is_expected_to_hit_or_miss()
    {
        Assert.Equal("user 1, read 1", memo.ExpectMiss(() => users.Get(1)));
        Assert.Equal("user 1, read 1", memo.ExpectHit(() => users.Get(1)));
        Assert.Equal("user 1, read 2", await memo.ExpectMiss(() => users.GetAsync(1)));
        Assert.Equal("user 1, read 2", await memo.ExpectHit(() => users.GetAsync(1)));

        var failure = Assert.Throws<MemoTestException>(() => memo.ExpectHit(() => users.Get(2)));
        Assert.StartsWith("Memoize.Testing.Tests.Users.Get(int): expected a hit for (id: 2), but it was a miss.", failure.Message);
        failure = Assert.Throws<MemoTestException>(() => memo.ExpectHit(() => users.GetUncached(2)));
        Assert.StartsWith("Expected a hit, but the call did not reach a cached method.", failure.Message);
    }

    [Fact]
    public void The_key_of_a_call_is_told_without_running_it()
    {
        var key = memo.KeyOf(() => users.Get(7));
        Assert.Equal("Memoize.Testing.Tests.Users.Get(int) (id: 7)", key.ToString());
        Assert.Equal("id: 7", key.Text);
        Assert.Equal(key, memo.KeyOf(() => users.Get(id: 7)));
        Assert.NotEqual(key, memo.KeyOf(() => users.Get(8)));
        Assert.NotEqual(key, memo.KeyOf(() => users.GetAsync(7)));
        Assert.Equal(memo.KeyOf(() => users.GetAsync(7)), memo.KeyOf(() => users.GetAsync(7, new CancellationToken(false))));
        Assert.Throws<MemoTestException>(() => memo.KeyOf(() => users.GetUncached(7)));
        memo.Of(UsersCache.Get).Expect(misses: 0, loads: 0);

        var one = new Greeter("Hello");
        Assert.Equal(memo.KeyOf(() => one.Greet("Ada")), memo.KeyOf(() => one.Greet("Ada")));
        Assert.NotEqual(memo.KeyOf(() => one.Greet("Ada")), memo.KeyOf(() => new Greeter("Hello").Greet("Ada")));
    }

    [Fact]
    public void The_clock_moves_lifetimes()
    {
        users.Get(1);
        memo.Advance(TimeSpan.FromSeconds(59));
        memo.ExpectHit(() => users.Get(1));
        memo.Advance(TimeSpan.FromSeconds(1));
        memo.ExpectMiss(() => users.Get(1));
        Assert.IsType<TestClock>(memo.Time);
    }

    [Fact]
    public void The_clock_can_be_one_that_the_code_shares()
    {
        var clock = new TestClock(DateTimeOffset.UnixEpoch);
        using var inner = MemoTest.Isolate(clock);
        users.Get(1);
        clock.Advance(TimeSpan.FromMinutes(1));
        inner.ExpectMiss(() => users.Get(1));

        using var system = MemoTest.Isolate(TimeProvider.System);
        Assert.Throws<InvalidOperationException>(() => system.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void It_can_be_switched_off_and_made_to_miss()
    {
        users.Get(1);
        memo.Enabled = false;
        Assert.Equal("user 1, read 2", users.Get(1));
        memo.Enabled = true;
        Assert.Equal("user 1, read 1", users.Get(1));

        memo.AlwaysMiss = true;
        Assert.Equal("user 1, read 3", users.Get(1));
        memo.AlwaysMiss = false;
        Assert.Equal("user 1, read 3", users.Get(1));

        memo.Of(UsersCache.Get).AlwaysMiss = true;
        Assert.Equal("user 1, read 4", users.Get(1));
        memo.Of(UsersCache.Get).Expect(hits: 2, bypassed: 1, loads: 3);
    }

    [Fact]
    public void What_happens_can_be_read_and_logged()
    {
        var log = new List<string>();
        using var inner = MemoTest.Isolate(null, log.Add);
        users.Get(1);
        inner.Advance(TimeSpan.FromSeconds(2));
        users.Get(1);
        UsersCache.Get.Evict(1);
        Assert.Equal([CacheEventKind.Miss, CacheEventKind.Load, CacheEventKind.Stored, CacheEventKind.Hit, CacheEventKind.Evict], inner.Events.Select(e => e.Kind));
        Assert.Equal("+2       s hit        Memoize.Testing.Tests.Users.Get(int) (id: 1)", log[3]);
        Assert.Equal(string.Join(Environment.NewLine, log), inner.Transcript);
        Assert.Empty(memo.Events);
    }

    [Fact]
    public void Isolations_are_nested()
    {
        users.Get(1);
        using (MemoTest.Isolate())
            Assert.Equal("user 1, read 2", users.Get(1));
        Assert.Equal("user 1, read 1", users.Get(1));
    }

    [Fact]
    public void Instances_are_isolated()
    {
        var greeter = new Greeter("Hello");
        greeter.Greet("Ada");
        using var inner = MemoTest.Isolate();
        inner.ExpectMiss(() => greeter.Greet("Ada"));
        inner.Of(GreeterCache.Greet).Expect(loads: 1, count: 1).ExpectEntry("name: \"Ada\"");
    }

    [Fact]
    public async Task A_stampede_is_one_load()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => users.GetAsync(1))));
        memo.Of(UsersCache.GetAsync).Expect(loads: 1);
        Assert.Equal(1, table.Reads);
    }

    [Fact]
    public void Another_flow_can_be_brought_in()
    {
        users.Get(1);
        using (ExecutionContext.SuppressFlow())
        {
            var thread = new Thread(() =>
            {
                using (memo.Enter())
                    users.Get(1);
            });
            thread.Start();
            thread.Join();
        }

        memo.Of(UsersCache.Get).Expect(hits: 1, loads: 1);
    }
}
