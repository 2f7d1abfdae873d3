using Memoize.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Storage;

public class ClockTests
{
    [Theory]
    [InlineData(0, long.MaxValue)]
    [InlineData(-1, long.MaxValue)]
    [InlineData(double.NaN, long.MaxValue)]
    [InlineData(double.PositiveInfinity, long.MaxValue)]
    [InlineData(double.MaxValue, long.MaxValue)]
    [InlineData(1e18, long.MaxValue)]
    [InlineData(double.Epsilon, 1)]
    [InlineData(0.0003, 1)]
    [InlineData(0.001, 1)]
    [InlineData(0.0011, 2)]
    [InlineData(0.3, 300)]
    [InlineData(1.1, 1100)]
    [InlineData(300, 300_000)]
    [InlineData(1e12, 1_000_000_000_000_000)]
    public void Seconds_are_milliseconds_rounded_up_and_too_many_are_for_ever(double seconds, long expected)
        => Assert.Equal(expected, Lifetime.FromSeconds(seconds));

    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(10, long.MaxValue, long.MaxValue)]
    [InlineData(10, long.MaxValue - 5, long.MaxValue)]
    [InlineData(10, long.MaxValue - 11, long.MaxValue - 1)]
    public void Deadlines_saturate(long now, long length, long expected)
        => Assert.Equal(expected, Lifetime.Deadline(now, length));

    [Fact]
    public void A_time_provider_is_read_each_time()
    {
        var time = new FakeTimeProvider();
        var clock = Clock.From(time);
        Assert.Equal(0, clock.Now);
        time.Advance(TimeSpan.FromMilliseconds(1500.9));
        Assert.Equal(1500, clock.Now);
        Assert.Equal(1500, clock.PreciseNow);
        Assert.False(clock.IsSystem);
    }

    [Fact]
    public void The_wall_clock_of_a_time_provider_does_not_matter()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var clock = Clock.From(time);
        time.Advance(TimeSpan.FromSeconds(1));
        time.AdjustTime(time.GetUtcNow().AddYears(1));

        // The fake's timestamps follow its wall clock; a provider with its own timestamps shows that only these are read.
        var skewed = new SkewedTime();
        var other = Clock.From(skewed);
        skewed.Timestamp += 3;
        skewed.Utc = skewed.Utc.AddYears(1);
        Assert.Equal(3000, other.Now);
        Assert.NotEqual(0, clock.Now);
    }

    [Fact]
    public void The_system_provider_is_the_system_clock()
        => Assert.Same(Clock.System, Clock.From(TimeProvider.System));

    [Fact]
    public async Task The_coarse_clock_follows_the_real_one_through_sleep_and_waking()
    {
        var (behind, delay) = (0L, 0L);
        var done = false;

        // Sleeps as the clock's own thread does, and so tells what the machine delays such threads just now.
        var other = Concurrency.OnThread(() =>
        {
            for (var last = Environment.TickCount64; !Volatile.Read(ref done);)
            {
                Thread.Sleep(CoarseClock.Step);
                var now = Environment.TickCount64;
                delay = Math.Max(delay, now - last);
                last = now;
            }
        });

        // To fall asleep for the second time from now on, it must have been woken in between; and for the third time, it has both ends
        // of a whole waking within the test.
        var sleeps = CoarseClock.Sleeps + 3;
        Concurrency.Until(() =>
        {
            var before = Environment.TickCount64;
            var coarse = CoarseClock.Now;
            Assert.True(coarse <= Environment.TickCount64, "It is ahead.");
            behind = Math.Max(behind, before - coarse);
            return CoarseClock.Sleeps >= sleeps;
        });
        Volatile.Write(ref done, true);
        await other.InTime();

        // By a step, and by what a busy machine delays the thread; never by the time that it has slept.
        Assert.InRange(behind, 0, 2000 + delay);
    }

    private sealed class SkewedTime : TimeProvider
    {
        public long Timestamp { get; set; } = 1000;

        public DateTimeOffset Utc { get; set; } = DateTimeOffset.UnixEpoch;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Timestamp;

        public override DateTimeOffset GetUtcNow() => Utc;
    }
}
