using System.Diagnostics;

namespace Memoize.Sqlite.Tests;

/// <summary>The bound in bytes: it holds, the least recently used go first, and readers are not held up.</summary>
public sealed class BoundTests : IDisposable
{
    private const long Bound = 8 << 20;
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(200, 60_000)]
    [InlineData(10_000, 3_000)]
    [InlineData(1_000_000, 60)]
    public async Task The_file_stays_within_its_bound(int size, int count)
    {
        using var cache = _file.Open(maxBytes: Bound);
        for (var i = 0; i < count; i++)
            cache.Set("k" + i, new byte[size], TestFile.Forever);
        // What is left to do is done in the background, step by step.
        Assert.True(SpinWait.SpinUntil(() => cache.GetStatistics().Bytes <= Bound + 512 * 1024, 10_000), $"{cache.GetStatistics().Bytes}");
        Assert.True(cache.GetStatistics().Evictions > 0);
        Assert.NotNull(cache.Get("k" + (count - 1)));
        Assert.Null(cache.Get("k0"));
        Assert.Empty(await cache.CheckIntegrityAsync());
        cache.Dispose();
        Assert.InRange(new FileInfo(_file.Path).Length, 1, Bound * 3 / 2);
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
    public async Task Readers_are_not_held_up_by_culling()
    {
        using var cache = _file.Open(maxBytes: 64 << 20);
        cache.Set("read", new byte[1_000], TestFile.Forever);
        using var reader = _file.Open(maxBytes: 64 << 20);
        var stop = false;
        var writer = Task.Run(() =>
        {
            for (var i = 0; !Volatile.Read(ref stop); i++)
                cache.Set("k" + i, new byte[1_000_000], TestFile.Forever);
        });
        Assert.True(SpinWait.SpinUntil(() => cache.GetStatistics().Evictions > 10, 30_000));
        var times = new List<double>();
        for (var i = 0; i < 5_000; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var found = reader.Get("read") is not null;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            // What one process reads while another fills the file without a pause may be evicted: its uses are written when there is a turn.
            if (!found)
                cache.Set("read", new byte[1_000], TestFile.Forever);
        }
        Volatile.Write(ref stop, true);
        await writer;
        times.Sort();
        TestContext.Current.SendDiagnosticMessage($"get while culling: p50 {times[2_500]:0.000} ms, p99 {times[4_950]:0.000} ms, p99.9 {times[4_995]:0.000} ms, worst {times[^1]:0.000} ms; evicted {cache.GetStatistics().Evictions}");
        // The worst of them is the machine's (it has other things to do); a reader that waited for a step would be among the last ten.
        Assert.True(times[4_990] < 10, $"p99.8 {times[4_990]:0.00} ms");
        Assert.Empty(reader.GetStatistics().Failures);
    }

    [Fact]
    public void Sixty_four_threads_read_write_and_remove()
    {
        using var cache = _file.Open(maxBytes: Bound);
        var wrong = 0;
        var threads = Enumerable.Range(0, 64).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 300; i++)
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
