using System.Buffers;
using Memoize.Sqlite.Engine;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests;

/// <summary>What reads leave to be written is written in the background, in small transactions, and in the right order.</summary>
public sealed class UpkeepTests : IDisposable
{
    private const long Bound = 8 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly DistributedCacheEntryOptions s_sliding = new() { SlidingExpiration = TimeSpan.FromHours(2) };
    private readonly TestFile _file = new();
    private readonly WatchedClock _clock = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_reader_writes_nothing_whatever_has_gathered()
    {
        Fill(3_500, 1_000);
        using var reader = _file.Open(_clock, Bound, busyTimeout: int.MaxValue);
        Read(reader, 3_500);
        // Nobody holds the lock any more: who wrote on the thread of the reader did so now.
        Assert.NotNull(reader.Get("k0"));
        Assert.True(reader.TryGet("k1", new ArrayBufferWriter<byte>()));
        reader.Refresh("k2");
        Assert.Equal(0, Used());

        // The background writes, and ends soon each time.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => Used() == 3_500, s_patience));
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        Assert.Equal(0, connection.Scalar(
            "SELECT count(*) FROM (SELECT used, lag(used) OVER (ORDER BY place) AS before FROM entries WHERE key NOT IN ('k0', 'k1', 'k2')) WHERE used < before"));
    }

    [Fact]
    public void A_transaction_writes_a_bounded_number_of_notes_and_a_reader_sees_them_all_the_time()
    {
        Fill(300, 1_000, s_sliding);
        var touches = new Touches(_clock);
        touches.SetOldest(1);
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 300; i++)
            touches.Note(Use(i, s_sliding), now);
        Assert.Equal(300, touches.Count);
        for (var left = 300; left > 0;)
        {
            connection.Execute("BEGIN IMMEDIATE");
            var written = touches.Write(connection);
            // What is not committed is not in the file, so it is still known here.
            Assert.All(Enumerable.Range(300 - left, left), i => Assert.NotEqual(0, touches.ExpiresOf(Use(i, s_sliding).Id, Use(i, s_sliding).Deadline)));
            connection.Execute("COMMIT");
            Assert.InRange(written, 1, Touches.Batch);
            left -= written;
            Assert.Equal(left, touches.Count);
        }
        Assert.Equal(300, Used());
    }

    [Fact]
    public void Nothing_is_evicted_before_the_uses_are_written_that_were_noted_before()
    {
        Fill(350, 20_000);
        var touches = new Touches(_clock);
        touches.SetOldest(1);
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        // The oldest ones, and so many that a transaction does not write them all.
        for (var i = 0; i < 150; i++)
            touches.Note(Use(i), now);
        var culling = new Culling(5 << 20, touches);
        for (var (done, more) = (false, 1_000); !done; more++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            done = culling.Step(connection, now);
            connection.Execute("COMMIT");
            // Others are used meanwhile, and do not put it off for ever.
            touches.Note(new(more, 0, new(Deadline.Never, 0, Deadline.Never)), now);
            Assert.InRange(more, 1_000, 2_000);
        }
        Assert.InRange(connection.Scalar("SELECT count(*) FROM entries"), 200, 300);
        Assert.Equal(150, Used());
    }

    [Fact]
    public void What_is_noted_is_written_when_the_cache_is_disposed()
    {
        Fill(350, 20_000);
        using (var reader = _file.Open(_clock, Bound))
        {
            for (var i = 0; i < Touches.Batch - 1; i++)
                Assert.NotNull(reader.Get("k" + i));
            Assert.Equal(0, Used());
        }
        Assert.Equal(Touches.Batch - 1, Used());
    }

    [Fact]
    public async Task The_end_of_the_cache_does_not_wait_for_other_processes_without_end()
    {
        Fill(350, 20_000);
        var reader = _file.Open(_clock, Bound, busyTimeout: int.MaxValue);
        using var other = TestDatabase.Open(_file.Path);
        other.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < 300; i++)
            Assert.NotNull(reader.Get("k" + i));
        await Task.Run(reader.Dispose).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        other.Execute("ROLLBACK");
        Assert.Equal(0, Used());
        Assert.Null(reader.Get("k0"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_stored_after_the_damage_was_found_stays(bool leased)
    {
        Fill(3, 20_000);
        Damage("k1");
        using var reader = _file.Open(_clock, Bound);
        using (var other = TestDatabase.Open(_file.Path))
        {
            other.Execute("BEGIN IMMEDIATE");
            Assert.Null(reader.Get("k1"));
            Assert.True(_clock.Retry());
            other.Execute("ROLLBACK");
        }
        var lease = leased ? (await reader.LeaseAsync("k1", TimeSpan.FromMinutes(1))).Lease : null;
        if (!leased)
            reader.Set("k1", [1], TestFile.Forever);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => reader.GetStatistics().Entries == (leased ? 2 : 3), s_patience));
        if (lease is { } held)
            Assert.True(await reader.SetAsync("k1", new([1]), TestFile.Forever, held));
        Assert.Equal([1], reader.Get("k1"));
    }

    /// <summary>Values that were all used at the beginning, in a file that is more than half full if they are many.</summary>
    private void Fill(int count, int size, DistributedCacheEntryOptions? options = null)
    {
        using (var cache = _file.Open(_clock, 4 * Bound))
        {
            for (var i = 0; i < count; i++)
                cache.Set("k" + i, new byte[size], options ?? TestFile.Forever);
        }
        _clock.Advance(TimeSpan.FromHours(1));
    }

    /// <summary>Reads while another process holds the lock of the writers.</summary>
    private void Read(SqliteCache reader, int count)
    {
        using var other = TestDatabase.Open(_file.Path);
        other.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < count; i++)
            Assert.NotNull(reader.Get("k" + i));
        // The background has tried in vain, and tries again when this clock goes on. This thread waits here, so it was another one.
        Assert.True(_clock.Retry());
        Assert.NotEqual(Environment.CurrentManagedThreadId, _clock.RetriedOn);
        other.Execute("ROLLBACK");
    }

    private long Used()
    {
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        return connection.Scalar($"SELECT count(*) FROM entries WHERE used >= {WatchedClock.Start.AddMinutes(1).Ticks}");
    }

    /// <summary>What a reader found who read the entry as <see cref="Fill"/> wrote it.</summary>
    private static EntryUse Use(int i, DistributedCacheEntryOptions? options = null)
    {
        using var key = new StoreKey("k" + i, stackalloc byte[StoreKey.ScratchBytes]);
        return new(key.Id, 0, Deadline.From(options ?? TestFile.Forever, WatchedClock.Start));
    }

    private void Damage(string key)
    {
        using var connection = TestDatabase.Open(_file.Path);
        connection.Execute($"UPDATE entries SET checksum = checksum + 1 WHERE key = '{key}'");
    }

    /// <summary>A clock that stands still, and tells when somebody wants to try again.</summary>
    private sealed class WatchedClock() : FakeTimeProvider(Start)
    {
        public static new readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private readonly SemaphoreSlim _retries = new(0);

        /// <summary>The thread that wrote, or tried to.</summary>
        public int RetriedOn { get; private set; }

        public bool Retry() => _retries.Wait(s_patience);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => new Timer(base.CreateTimer(callback, state, dueTime, period), this);

        private sealed class Timer(ITimer timer, WatchedClock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var changed = timer.Change(dueTime, period);
                // Notes are not that soon.
                if (dueTime < TimeSpan.FromMilliseconds(50))
                {
                    clock.RetriedOn = Environment.CurrentManagedThreadId;
                    clock._retries.Release();
                }
                return changed;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
