using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Tests;

/// <summary>
/// Many callers on two connections, with values of all sizes, some of whom leave; the server dies in the middle and comes back. Each key has one
/// who writes it, ever newer versions, and all read it: what they read is whole, of its key, and never from before a change that was over.
/// </summary>
public sealed class CrowdTests
{
    private const int Callers = 72;
    private const int KeysOfEach = 3;
    private const int Steps = 80;

    // The version that has been written or removed last, and is over: nothing older may be read by who asks from now on.
    private readonly int[] _over = new int[Callers * KeysOfEach];
    private int _steps;
    private int _cancelled;
    private int _found;

    private static readonly DistributedCacheEntryOptions s_sliding = new() { SlidingExpiration = TimeSpan.FromHours(1) };

    [Theory, InlineData(false), InlineData(true)]
    public async Task Each_reads_what_is_whole_of_its_key_and_not_out_of_date(bool dies)
    {
        using var server = MemcachedServer.Start("-I", "4m", "-m", "512");
        await using var cache = server.Connect(options =>
        {
            (options.MaxValueBytes, options.ConnectionsPerServer) = (4 << 20, 2);
            (options.OperationTimeout, options.DeadTime) = (TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100));
        });
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WorkAsync(cache, caller))).ToArray();
        if (dies)
        {
            await ReachesAsync(callers, Callers * Steps / 3);
            server.Kill();
            await ReachesAsync(callers, Callers * Steps / 2);
            server.Launch();
        }
        await Task.WhenAll(callers);
        Assert.True(_found > Callers && _cancelled > Callers / 4, $"{_found} found, {_cancelled} cancelled");

        var statistics = cache.Statistics;
        string[] wrong = [.. statistics.FailedReads.Concat(statistics.NotStored).Concat(statistics.NotRemoved)
            .Where(pair => !dies || pair.Key is not (MemcachedFailure.ConnectionLost or MemcachedFailure.NoConnection or MemcachedFailure.ServerDown or MemcachedFailure.Congested))
            .Select(static pair => $"{pair.Key} {pair.Value}")];
        Assert.Empty(wrong);

        // All of it works again, or still.
        for (var key = 0; key < _over.Length; key++)
        {
            var version = _over[key] + 1;
            for (var end = Environment.TickCount64 + 60_000; await ReadAsync(cache, key, default) != version;)
            {
                Assert.True(Environment.TickCount64 < end, "It is not stored.");
                await cache.SetAsync(Name(key), Value(key, version), s_sliding);

                // While the server counts as down all of this ends at once, and on one processor nobody else would get to run.
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task ReachesAsync(Task[] callers, int steps)
    {
        while (Volatile.Read(ref _steps) < steps && !callers.Any(static caller => caller.IsFaulted))
            await Task.Delay(1);
    }

    private async Task WorkAsync(MemcachedCache cache, int caller)
    {
        var random = new Random(caller);
        var versions = new int[KeysOfEach];
        for (var step = 0; step < Steps; step++)
        {
            Interlocked.Increment(ref _steps);
            using var leaving = new CancellationTokenSource();
            var leaves = random.Next(10) == 0;
            if (leaves && random.Next(2) == 0)
                leaving.CancelAfter(TimeSpan.FromMicroseconds(random.Next(500)));
            var mine = random.Next(KeysOfEach);
            var key = caller * KeysOfEach + mine;
            try
            {
                var doing = random.Next(10) switch
                {
                    < 3 => ChangeAsync(key, ++versions[mine], version => cache.SetAsync(Name(key), Value(key, version), s_sliding, leaving.Token)),
                    3 => ChangeAsync(key, ++versions[mine], _ => cache.RemoveAsync(Name(key), leaving.Token)),
                    4 => cache.RefreshAsync(Name(random.Next(_over.Length)), leaving.Token),
                    5 => ReadManyAsync(cache, [.. Enumerable.Range(0, 5).Select(_ => random.Next(_over.Length))], leaving.Token),
                    _ => ReadAsync(cache, random.Next(_over.Length), leaving.Token),
                };
                if (leaves)
                    await leaving.CancelAsync();
                await doing;
            }
            catch (OperationCanceledException) when (leaves)
            {
                Interlocked.Increment(ref _cancelled);
            }
        }
    }

    private async Task ChangeAsync(int key, int version, Func<int, Task> change)
    {
        await change(version);
        Volatile.Write(ref _over[key], version);
    }

    private async Task<int> ReadAsync(MemcachedCache cache, int key, CancellationToken token)
    {
        var over = Volatile.Read(ref _over[key]);
        return await cache.GetAsync(Name(key), token) is { } bytes ? Check(key, over, bytes) : -1;
    }

    private async Task ReadManyAsync(MemcachedCache cache, int[] keys, CancellationToken token)
    {
        var over = Array.ConvertAll(keys, key => Volatile.Read(ref _over[key]));
        await cache.GetManyAsync(Array.ConvertAll(keys, Name), (at, bytes) => Check(keys[at], over[at], System.Buffers.BuffersExtensions.ToArray(bytes)), token);
    }

    private int Check(int key, int over, byte[] bytes)
    {
        Interlocked.Increment(ref _found);
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(Value(key, version)), $"key {key}: not its own version {version}");
        Assert.True(version >= over, $"key {key}: version {version}, and {over} was over before");
        return version;
    }

    private static string Name(int key) => "k" + key.ToString(CultureInfo.InvariantCulture);

    // A few bytes to more than a MiB, with half of them compressible; the same for the same version of a key.
    private static byte[] Value(int key, int version)
    {
        var random = new Random(key * 100_003 + version);
        var size = random.Next(100) switch
        {
            < 50 => random.Next(4, 100),
            < 80 => random.Next(100, 20_000),
            < 98 => random.Next(20_000, 300_000),
            _ => random.Next(1 << 20, 3 << 19),
        };
        var bytes = new byte[size];
        random.NextBytes(random.Next(2) == 0 ? bytes : bytes.AsSpan(0, Math.Min(size, 64)));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, version);
        return bytes;
    }
}
