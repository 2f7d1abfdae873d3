using System.Globalization;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Tests;

/// <summary>Servers that are gone, full or mad: nothing wrong is returned, and it is counted. What they cost is in <see cref="FaultCostTests"/>.</summary>
[Collection("times")]
public sealed class FaultTests
{
    private static readonly DistributedCacheEntryOptions s_hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    [Fact]
    public async Task What_a_server_has_missed_is_removed_before_it_is_read_again_or_was_refused()
    {
        const int Most = 100_000;
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(2));
        int[] stored = [0, 1, Most - 1, Most, Most + 9];
        foreach (var i in stored)
            await cache.SetAsync("k" + i.ToString(CultureInfo.InvariantCulture), "old"u8.ToArray(), new());
        Assert.Equal(stored.Length, cache.Statistics.Stored);
        server.Halt();
        await cache.GetAsync("x");
        Assert.True(SpinWait.SpinUntil(() => cache.Statistics.ServersDown.Count == 1, TimeSpan.FromSeconds(20)));

        for (var i = 0; i < Most; i++)
            await cache.RemoveAsync("k" + i.ToString(CultureInfo.InvariantCulture));
        for (var i = Most; i < Most + 10; i++)
        {
            var key = "k" + i.ToString(CultureInfo.InvariantCulture);
            await Assert.ThrowsAsync<IOException>(() => cache.RemoveAsync(key));
            Assert.Throws<IOException>(() => cache.Remove(key));
            await Assert.ThrowsAsync<IOException>(() => cache.SetAsync(key, "new"u8.ToArray(), new()));
        }

        // What it is to make up for already costs no more room.
        await cache.RemoveAsync("k0");
        server.Continue();
        Assert.True(SpinWait.SpinUntil(() => cache.Statistics.ServersDown.Count == 0, TimeSpan.FromSeconds(60)));
        foreach (var i in stored)
            Assert.Equal(i >= Most, await cache.GetAsync("k" + i.ToString(CultureInfo.InvariantCulture)) is not null);
        for (var i = Most; i < Most + 10; i++)
            await cache.RemoveAsync("k" + i.ToString(CultureInfo.InvariantCulture));
        foreach (var i in stored)
            Assert.Null(await cache.GetAsync("k" + i.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_refused_connection_is_said_to_be_refused()
    {
        var options = new MemcachedCacheOptions { OperationTimeout = TimeSpan.FromSeconds(10), ConnectTimeout = TimeSpan.FromSeconds(10) };
        options.Servers.Add($"127.0.0.1:{MemcachedServer.FreePort()}");
        await using var cache = new MemcachedCache(options);
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.NoConnection]);
    }

    [Fact]
    public async Task Half_an_answer_is_a_miss()
    {
        using var server = new ScriptedServer(async connection =>
        {
            var line = await connection.ReadLineAsync();
            await connection.WriteAsync(ScriptedConnection.Value(line!, new string('x', 500))[..100]);
        });
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(5));
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.ConnectionLost]);
    }

    [Theory]
    [InlineData("HELLO\r\n")]
    [InlineData("VA x O1\r\n")]
    [InlineData("EN O7\r\n")]
    [InlineData("EN\r\n")]
    [InlineData("MN\r\n")]
    [InlineData("ERROR\r\n")]
    [InlineData("CLIENT_ERROR bad command line format\r\n")]
    [InlineData("VA 99999999999 f1 c1 t-1 O1\r\n")]
    [InlineData("VA 3 f1 c1 t-1 O1\r\nabcdef\r\n")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n")]
    public async Task Garbage_ends_the_connection_and_is_a_miss(string garbage)
    {
        using var server = new ScriptedServer(async connection =>
        {
            while (await connection.ReadLineAsync() is { } line)
                await connection.WriteAsync(connection.Number == 1 ? garbage : ScriptedConnection.Answer(line));
        });
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(5));
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.Garbage]);
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(2, server.Connections);
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.Garbage]);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_never_reaches_the_next_call()
    {
        using var server = new ScriptedServer(async connection =>
        {
            while (await connection.ReadLineAsync() is { } line)
            {
                var value = ScriptedConnection.Value(line, line.Split(' ')[1]);
                await connection.WriteAsync(value + (connection.Number == 1 ? value : ""));
            }
        });
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(5));
        for (var i = 0; i < 20; i++)
        {
            var key = "key" + i.ToString(CultureInfo.InvariantCulture);
            if (await cache.GetAsync(key) is { } read)
                Assert.Equal(key, System.Text.Encoding.ASCII.GetString(read));
        }
        Assert.True(server.Connections > 1);
    }

    [Fact]
    public async Task An_error_of_the_server_is_of_one_call_only()
    {
        using var server = new ScriptedServer(async connection =>
        {
            while (await connection.ReadLineAsync() is { } line)
            {
                await connection.WriteAsync(
                    line.StartsWith("ms", StringComparison.Ordinal) ? "SERVER_ERROR out of memory storing object\r\n"
                    : line.StartsWith("mg bad", StringComparison.Ordinal) ? "SERVER_ERROR something else\r\n"
                    : ScriptedConnection.Answer(line));
            }
        });
        await using var cache = server.Connect(options => options.OperationTimeout = TimeSpan.FromSeconds(5));
        await cache.SetAsync("k", "v"u8.ToArray(), s_hour);
        Assert.Null(await cache.GetAsync("bad"));
        Assert.Null(await cache.GetAsync("good"));
        await cache.GetManyAsync(["bad", "good"], (_, _) => Assert.Fail("There is nothing."));
        Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.OutOfMemory]);
        Assert.Equal(2, cache.Statistics.FailedReads[MemcachedFailure.ServerError]);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_full_server_loses_old_values_and_nothing_else()
    {
        using var server = MemcachedServer.Start("-m", "8", "-M");
        await using var cache = server.Connect();
        var value = new byte[100_000];
        new Random(2).NextBytes(value);
        for (var i = 0; i < 200; i++)
            await cache.SetAsync("k" + i, value, s_hour);
        Assert.NotEqual(0, cache.Statistics.NotStored[MemcachedFailure.OutOfMemory]);
        Assert.Equal(200, cache.Statistics.Stored + cache.Statistics.NotStored.Values.Sum());
        for (var i = 0; i < 200; i++)
        {
            if (await cache.GetAsync("k" + i) is { } read)
                Assert.True(value.AsSpan().SequenceEqual(read));
        }
    }

    [Fact]
    public async Task Without_a_server_everybody_loads_and_nothing_is_stored()
    {
        var options = new MemcachedCacheOptions();
        options.Servers.Add($"127.0.0.1:{MemcachedServer.FreePort()}");
        await using var cache = new MemcachedCache(options);
        for (var i = 0; i < 5; i++)
        {
            var read = await cache.GetOrLeaseAsync("k", new System.Buffers.ArrayBufferWriter<byte>(), TimeSpan.FromMinutes(1));
            Assert.False(await cache.SetAsync("k", new("v"u8.ToArray()), s_hour, Assert.NotNull(read.Lease)));
            Assert.NotNull((await cache.LeaseAsync("k", TimeSpan.FromMinutes(1))).Lease);
        }
    }

    [Fact]
    public async Task Callers_that_leave_do_not_shift_the_answers_of_others()
    {
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect();
        for (var i = 0; i < 100; i++)
            await cache.SetAsync("k" + i, BitConverter.GetBytes(i), s_hour);
        await Parallel.ForAsync(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (n, _) =>
        {
            var i = n % 100;
            using var leave = new CancellationTokenSource();
            var call = cache.GetAsync("k" + i, leave.Token);
            if (n % 3 == 0)
                await leave.CancelAsync();
            try
            {
                Assert.Equal(i, BitConverter.ToInt32((await call)!));
            }
            catch (OperationCanceledException) when (n % 3 == 0)
            {
                // It left in time.
            }
        });
        Assert.Empty(cache.Statistics.FailedReads);
    }
}
