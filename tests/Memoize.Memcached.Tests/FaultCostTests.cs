using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Tests;

/// <summary>What servers cost that are gone or slow: a call waits for its budget at most, and those after it for nothing.</summary>
[Collection("times")]
public sealed class FaultCostTests
{
    // What a busy machine adds to 50 ms of waiting.
    private const int FirstMilliseconds = 150;
    private static readonly DistributedCacheEntryOptions s_hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_refused_connection_is_a_miss_and_costs_nothing_afterwards()
    {
        await Warm();
        await TakesAtMost(async times =>
        {
            var options = new MemcachedCacheOptions();
            options.Servers.Add($"127.0.0.1:{MemcachedServer.FreePort()}");
            await using var cache = new MemcachedCache(options);
            times.Add((await Time(() => cache.GetAsync("k")), FirstMilliseconds));
            Assert.Equal(1, cache.Statistics.FailedReads.Values.Sum());
            await AddFast(times, cache);
            Assert.Equal([options.Servers[0]], cache.Statistics.ServersDown);
        });
    }

    [Fact]
    public async Task A_killed_server_is_a_miss_and_is_used_again_within_five_seconds_of_its_return()
    {
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromMilliseconds(50));
        await TakesAtMost(async times =>
        {
            await Until(() => StoreAndRead(cache), 20_000);
            server.Kill();
            for (var i = 0; i < 10; i++)
                times.Add((await Time(() => cache.GetAsync("k")), FirstMilliseconds));
            await AddFast(times, cache);
            server.Launch();
            await Until(() => StoreAndRead(cache), 5_000);
        });
    }

    [Fact]
    public Task A_halted_server_costs_one_budget_and_comes_back_without_what_was_evicted_meanwhile() => TakesAtMost(async times =>
    {
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromMilliseconds(50));
        await Until(() => StoreAndRead(cache), 20_000);
        await Until(() => StoreAndRead(cache, "evicted"), 20_000);
        await Until(() => StoreAndRead(cache, "changed"), 20_000);
        var (removed, stored) = (NotRemoved(), NotStored());

        server.Halt();
        try
        {
            times.Add((await Time(() => cache.GetAsync("k")), FirstMilliseconds));
            await AddFast(times, cache);
            times.Add((await Time(() => cache.RemoveAsync("evicted")), 20));
            times.Add((await Time(() => cache.SetAsync("changed", "new"u8.ToArray(), s_hour)), 20));
        }
        finally
        {
            server.Continue();
        }
        await Until(() => StoreAndRead(cache), 5_000);
        Assert.Null(cache.Get("evicted"));
        Assert.Null(cache.Get("changed"));
        Assert.Equal(removed + 1, NotRemoved());
        Assert.True(NotStored() > stored);

        long NotRemoved() => cache.Statistics.NotRemoved.GetValueOrDefault(MemcachedFailure.ServerDown);
        long NotStored() => cache.Statistics.NotStored.GetValueOrDefault(MemcachedFailure.ServerDown);
    });

    [Fact]
    public async Task A_server_that_is_always_late_is_not_waited_for_again_and_again()
    {
        using var server = new ScriptedServer(async connection =>
        {
            while (await connection.ReadLineAsync() is { } line)
            {
                await Task.Delay(100);
                await connection.WriteAsync(ScriptedConnection.Answer(line));
            }
        });
        await Warm();
        await TakesAtMost(async times =>
        {
            await using var cache = server.Connect();
            times.Add((await Time(() => cache.GetAsync("k")), FirstMilliseconds));
            await AddFast(times, cache);
            await Task.Delay(3000);
            await AddFast(times, cache);
        });
    }

    [Fact]
    public async Task A_server_that_falls_silent_right_after_an_answer_is_waited_for_once()
    {
        for (var round = 0; round < 5; round++)
        {
            using var server = new ScriptedServer(async connection =>
            {
                if (await connection.ReadLineAsync() is { } line)
                    await connection.WriteAsync(ScriptedConnection.Answer(line));
                await connection.ReadLineAsync();
                await connection.ReadLineAsync();
            });
            // The one answer that there is comes in time on a busy machine too.
            await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(1.5));
            await cache.GetAsync("answered");
            await cache.GetAsync("not answered");
            await cache.GetAsync("not asked");
            Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.Timeout]);
            Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.ServerDown]);
        }
    }

    [Fact]
    public async Task Synchronous_calls_keep_to_their_budget_too()
    {
        using var server = new ScriptedServer(async connection => await Task.Delay(10_000));
        await Warm();
        await TakesAtMost(async times =>
        {
            await using var cache = server.Connect();
            times.Add((await Time(() => Task.FromResult(cache.Get("k"))), FirstMilliseconds));
            await AddFast(times, cache);
        });
    }

    // Nobody waits for an answer. Where the machine is held up, a caller may go on before it is noticed that the server is silent, and the next one
    // waits as well: that is a cost like the others, of which one of three tries is free.
    private static async Task AddFast(List<(double Took, int Most)> costs, MemcachedCache cache)
    {
        var times = new List<double>();
        var waited = cache.Statistics.FailedReads.GetValueOrDefault(MemcachedFailure.Timeout);
        for (var i = 0; i < 101; i++)
            times.Add(await Time(() => cache.GetAsync("k")));
        costs.Add((cache.Statistics.FailedReads.GetValueOrDefault(MemcachedFailure.Timeout) - waited, 0));
        times.Sort();
        costs.Add((times[90], 1));
    }

    // What the runtime compiles on the first call is not the server's fault.
    private static async Task Warm()
    {
        using var server = new ScriptedServer(async connection =>
        {
            while (await connection.ReadLineAsync() is { } line)
                await connection.WriteAsync(ScriptedConnection.Answer(line));
        });
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(10));
        await cache.GetAsync("k");
    }

    // What is promised is what a call costs, and a machine may be held up in any one of them for half a second: of three tries one is in time.
    // What is asserted besides holds in each.
    private static async Task TakesAtMost(Func<List<(double Took, int Most)>, Task> attempt)
    {
        var tries = new List<string>();
        while (tries.Count < 3)
        {
            var times = new List<(double Took, int Most)>();
            await attempt(times);
            if (times.TrueForAll(static time => time.Took <= time.Most))
                return;
            tries.Add(string.Join(", ", times.Select(static time => string.Create(CultureInfo.InvariantCulture, $"{time.Took:0.0} of {time.Most}"))));
        }
        Assert.Fail("milliseconds, and calls that waited: " + string.Join("; ", tries));
    }

    private static async Task<double> Time(Func<Task> call)
    {
        var watch = Stopwatch.StartNew();
        await call();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<bool> StoreAndRead(MemcachedCache cache, string key = "k")
    {
        await cache.SetAsync(key, "v"u8.ToArray(), s_hour);
        return await cache.GetAsync(key) is not null;
    }

    private static async Task Until(Func<Task<bool>> holds, int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(watch.ElapsedMilliseconds < milliseconds, $"not within {milliseconds} ms");
            await Task.Delay(20);
        }
    }
}
