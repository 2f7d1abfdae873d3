using Memoize.Sqlite.Engine;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests;

/// <summary>The bound in bytes: it holds, the least recently used go first, and readers are not held up.</summary>
public sealed class BoundTests : IDisposable
{
    private const long Bound = 8 << 20;
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(200, 12_000, Bound / 4)]
    [InlineData(10_000, 2_000, Bound)]
    [InlineData(1_000_000, 40, Bound)]
    public async Task The_file_stays_within_its_bound(int size, int count, long bound)
    {
        using var cache = _file.Open(maxBytes: bound);
        for (var i = 0; i < count; i++)
            cache.Set("k" + i, new byte[size], TestFile.Forever);
        // What is left to do is done in the background, step by step.
        Assert.True(SpinWait.SpinUntil(() => cache.GetStatistics().Bytes <= bound + 512 * 1024, 60_000), $"{cache.GetStatistics().Bytes}");
        Assert.True(cache.GetStatistics().Evictions > 0);
        Assert.NotNull(cache.Get("k" + (count - 1)));
        Assert.Null(cache.Get("k0"));
        Assert.Empty(await cache.CheckIntegrityAsync());
        cache.Dispose();
        Assert.InRange(new FileInfo(_file.Path).Length, 1, bound * 3 / 2);
        if (size > 65_536)
            Assert.InRange(new FileInfo(_file.Path + "-values").Length, 1, bound * 3 / 2);
    }

    [Fact]
    public void What_is_read_stays_and_what_is_not_goes()
    {
        using var cache = _file.Open(maxBytes: Bound);
        for (var i = 0; i < 5; i++)
            cache.Set("hot" + i, new byte[100_000], TestFile.Forever);
        for (var i = 0; i < 400; i++)
        {
            cache.Set("cold" + i, new byte[100_000], TestFile.Forever);
            for (var j = 0; j < 5; j++)
                Assert.True(cache.Get("hot" + j) is not null, $"hot{j} after {i}");
        }
        Assert.Null(cache.Get("cold0"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_process_reads_another_does_not_evict(bool sliding)
    {
        var clock = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var options = sliding ? new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) } : TestFile.Forever;
        using var writer = _file.Open(clock, Bound);
        for (var i = 0; i < 60; i++)
        {
            writer.Set("k" + i, new byte[100_000], options);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        // One use of the oldest, and then nothing more: it is the time alone that writes it down.
        using var reader = _file.Open(clock, Bound);
        Assert.NotNull(reader.Get("k0"));
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 60; i < 120; i++)
        {
            writer.Set("k" + i, new byte[100_000], options);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.True(SpinWait.SpinUntil(() => writer.GetStatistics().Bytes <= Bound, 60_000));
        // All that is left is younger than the use.
        var left = Enumerable.Range(0, 120).Where(i => writer.Get("k" + i) is not null).ToArray();
        Assert.Equal([0, .. Enumerable.Range(120 - (left.Length - 1), left.Length - 1)], left);
        Assert.InRange(left.Length, 50, 100);
    }

    [Fact]
    public void A_value_of_more_than_half_the_bound_is_not_stored_and_displaces_the_old_one()
    {
        using var cache = _file.Open(maxBytes: Bound);
        cache.Set("a", [1], TestFile.Forever);
        cache.Set("a", new byte[Bound / 2 + 1], TestFile.Forever);
        Assert.Null(cache.Get("a"));
        Assert.Equal(1, cache.GetStatistics().NotStored[SqliteFailure.TooLarge]);
    }

    [Fact]
    public async Task No_reader_waits_for_who_writes()
    {
        // Who waits for the lock waits longer than the test.
        using var cache = _file.Open(maxBytes: Bound, busyTimeout: int.MaxValue);
        for (var i = 0; i < 1_000; i++)
            cache.Set("k" + i, Payload.Of("k" + i, i, i % 100 == 0 ? 400_000 : 1_000), TestFile.Forever);
        using var before = _file.Open(maxBytes: Bound, busyTimeout: int.MaxValue);
        Assert.NotNull(before.Get("k999"));

        // What culling does, or the writing of a large value, before it is committed.
        using var since = _file.Open(maxBytes: Bound, busyTimeout: int.MaxValue);
        using var writer = TestDatabase.Open(_file.Path);
        writer.Execute("BEGIN IMMEDIATE; INSERT INTO parts(value) VALUES(zeroblob(20000000)); DELETE FROM entries");
        SqliteCache[] all = [cache, before, since];
        try
        {
            var found = Task.Run(() => Enumerable.Range(0, 10_000).Count(i => Payload.IsOf("k" + i % 1_000, all[i % 3].Get("k" + i % 1_000) ?? new byte[16])));
            Assert.Equal(10_000, await found.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }
        finally
        {
            // The lock was there all the time.
            writer.Execute("COMMIT");
        }
        Assert.All(all, one => Assert.Null(one.Get("k999")));
        Assert.All(all, one => Assert.Empty(one.GetStatistics().Failures));
    }

    [Theory]
    [InlineData(200, 5_000)]
    [InlineData(50_000, 200)]
    public void A_step_of_culling_gives_up_a_bounded_number_of_entries_and_bytes(int size, int count)
    {
        using (var cache = _file.Open())
        {
            for (var i = 0; i < count; i++)
                cache.Set("k" + i, new byte[size], TestFile.Forever);
        }
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        var culling = new Culling(256 * 1024, new(TimeProvider.System));
        long Entries() => connection.Scalar("SELECT count(*) FROM entries");
        long Parts() => connection.Scalar("SELECT count(*) FROM parts");
        var (steps, done) = (0, false);
        for (; !done; steps++)
        {
            var (entries, parts) = (Entries(), Parts());
            connection.Execute("BEGIN IMMEDIATE");
            done = culling.Step(connection, 0);
            connection.Execute("COMMIT");
            Assert.InRange(entries - Entries(), 0, Culling.StepWork);
            Assert.InRange(parts - Parts(), 0, Culling.StepWork / Culling.PartWork);
        }
        Assert.InRange(steps, size > 200 ? 5 : 50, int.MaxValue);
        Assert.InRange(Culling.UsedBytes(connection), 0, 256 * 1024);
    }

    [Fact]
    public void Sixty_four_threads_read_write_and_remove()
    {
        using var cache = _file.Open(maxBytes: Bound);
        var wrong = 0;
        var threads = Enumerable.Range(0, 64).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 100; i++)
            {
                var key = "k" + random.Next(50);
                if (random.Next(4) == 0)
                    cache.Set(key, Payload.Of(key, random.Next(), Payload.Size(random)), TestFile.Forever);
                else if (random.Next(20) == 0)
                    cache.Remove(key);
                else if (cache.Get(key) is { } value && !Payload.IsOf(key, value))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.Empty(cache.GetStatistics().Failures);
    }
}
