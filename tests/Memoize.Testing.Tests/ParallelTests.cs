namespace Memoize.Testing.Tests;

// Four classes, which xunit runs in parallel, with 250 tests each: all of them ask one method for the same keys, each about another table.
public abstract class ParallelTests
{
    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 250)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_test_sees_itself_alone(int number)
    {
        using var memo = MemoTest.Isolate();
        var table = new FakeTable();
        var users = new Users(table);

        Assert.Equal("user 1, read 1", users.Get(1));
        await Task.Yield();
        Assert.Equal("user 1, read 1", users.Get(1));
        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => users.Get(2))));
        Assert.All(same, value => Assert.Equal("user 2, read 2", value));
        memo.Of(UsersCache.Get).Expect(hits: 1 + 8 - memo.Of(UsersCache.Get).Misses + 1, loads: 2, count: 2);

        memo.Advance(TimeSpan.FromSeconds(number % 2 == 0 ? 59 : 60));
        Assert.Equal(number % 2 == 0 ? 2 : 3, Reads(users, table));
        UsersCache.Get.Clear();
        Assert.Equal(0, memo.Of(UsersCache.Get).Count);

        static int Reads(Users users, FakeTable table)
        {
            users.Get(1);
            return table.Reads;
        }
    }
}

public sealed class ParallelTests1 : ParallelTests;

public sealed class ParallelTests2 : ParallelTests;

public sealed class ParallelTests3 : ParallelTests;

public sealed class ParallelTests4 : ParallelTests;

/// <summary>Beside them, without an isolation: the caches of the process.</summary>
public sealed class OutsideTests
{
    [Fact]
    public async Task A_thousand_isolations_that_are_open_at_once_do_not_see_each_other()
    {
        const int Flows = 1000;
        var open = 0;
        var allOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(Enumerable.Range(0, Flows).Select(number => Task.Run(async () =>
        {
            using var memo = MemoTest.Isolate();
            var users = new Users(new FakeTable());
            Assert.Equal("user 1, read 1", users.Get(1));
            if (Interlocked.Increment(ref open) == Flows)
                allOpen.SetResult();
            await allOpen.Task;

            memo.Advance(TimeSpan.FromSeconds(number % 61));
            Assert.Equal(number % 61 == 60 ? "user 1, read 2" : "user 1, read 1", users.Get(1));
            memo.Of(UsersCache.Get).Expect(hits: number % 61 == 60 ? 0 : 1, count: 1);
        })));
    }

    [Fact]
    public async Task Who_is_not_isolated_has_the_caches_of_the_process()
    {
        var table = new FakeTable();
        var users = new Users(table);
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal("user 4711, read 1", users.Get(4711));
            if (i % 100 == 0)
                await Task.Yield();
        }

        Assert.Equal(1, table.Reads);
        Assert.Equal(1999, UsersCache.Get.Statistics.Hits);
    }
}
