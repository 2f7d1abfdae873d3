namespace Memoize.Testing.Tests;

public class TestClockTests
{
    private readonly TestClock clock = new();
    private readonly List<string> fired = [];

    private ITimer Timer(string name, double due, double period = 0)
        => clock.CreateTimer(_ => fired.Add($"{name} at {clock.Elapsed.TotalSeconds}"), null, TimeSpan.FromSeconds(due), period == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));

    [Fact]
    public void Timers_run_in_order_each_at_its_moment()
    {
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);
        using var often = Timer("often", 1, 2);
        using var never = Timer("never", 9);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(["early at 1", "often at 1", "late at 3", "often at 3"], fired);
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 4, TimeSpan.Zero), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(4), clock.GetElapsedTime(0));
    }

    [Fact]
    public void What_a_timer_starts_runs_too_and_what_is_disposed_does_not()
    {
        ITimer? inner = null;
        using var outer = clock.CreateTimer(_ => inner = Timer("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Timer("disposed", 1).Dispose();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["inner at 2"], fired);
        Assert.True(inner!.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        inner.Dispose();
        Assert.False(inner.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(fired);
    }

    [Fact]
    public async Task Delays_and_cancellation_follow_it()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock);
        using var source = new CancellationTokenSource(TimeSpan.FromMinutes(2), clock);
        clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(source.IsCancellationRequested);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void It_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
}
