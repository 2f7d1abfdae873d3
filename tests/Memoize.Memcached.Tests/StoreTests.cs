using System.Buffers;
using System.Globalization;
using Memoize.Memcached.Values;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Memcached.Tests;

public sealed class StoreTests : IDisposable
{
    private static readonly DistributedCacheEntryOptions s_hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    private readonly MemcachedServer _server = MemcachedServer.Start();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task What_is_set_is_read_until_it_is_removed()
    {
        await using var cache = _server.Connect();
        Assert.Null(await cache.GetAsync("k"));
        await cache.SetAsync("k", "one"u8.ToArray(), s_hour);
        Assert.Equal("one"u8.ToArray(), await cache.GetAsync("k"));
        cache.Set("k", "two"u8.ToArray(), s_hour);
        Assert.Equal("two"u8.ToArray(), cache.Get("k"));
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(cache.TryGet("k", buffer));
        Assert.True(await cache.TryGetAsync("k", buffer));
        Assert.Equal("twotwo"u8.ToArray(), buffer.WrittenSpan.ToArray());
        await cache.RemoveAsync("k");
        Assert.Null(cache.Get("k"));
        cache.Set("k", [], s_hour);
        Assert.Empty(cache.Get("k")!);
        cache.Remove("k");
        Assert.False(cache.TryGet("k", buffer));
        Assert.Equal(5, cache.Statistics.Hits);
        Assert.Equal(3, cache.Statistics.Misses);
        Assert.Empty(cache.Statistics.FailedReads);
    }

    public static TheoryData<int, bool> Sizes()
    {
        var data = new TheoryData<int, bool>();
        foreach (var size in new[] { 1 << 10, 50 << 10, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 10 << 20, 64 << 20 })
        {
            data.Add(size, true);
            data.Add(size, false);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_value_of_any_size_comes_back_equal_or_is_reported_as_not_stored(int size, bool compressible)
    {
        await using var cache = _server.Connect();
        var value = new byte[size];
        if (compressible)
            value.AsSpan().Fill(7);
        else
            new Random(size).NextBytes(value);

        await cache.SetAsync("k", "older"u8.ToArray(), s_hour);
        await cache.SetAsync("k", value, s_hour);
        var read = await cache.GetAsync("k");
        if (compressible || size < 1 << 20 >> 1)
        {
            Assert.NotNull(read);
        }
        if (read is null)
        {
            Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.TooLarge]);
            Assert.Equal(1, cache.Statistics.Stored);
        }
        else
        {
            Assert.True(value.AsSpan().SequenceEqual(read));
            Assert.Equal(2, cache.Statistics.Stored);
            Assert.Empty(cache.Statistics.NotStored);
        }
    }

    [Fact]
    public async Task The_largest_value_that_we_send_is_one_that_the_server_takes()
    {
        await using var cache = _server.Connect(options => options.CompressionThreshold = int.MaxValue);
        var most = (1 << 20) - "k".Length - StoredValue.ServerOverhead - 1;
        await cache.SetAsync("k", new byte[most], new());
        Assert.Equal(most, (await cache.GetAsync("k"))!.Length);
        await cache.SetAsync("k", new byte[most + 1], new());
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.TooLarge]);
    }

    [Fact]
    public async Task A_server_with_a_smaller_limit_says_so_and_the_old_value_is_gone()
    {
        using var small = MemcachedServer.Start("-I", "512k", "-o", "slab_chunk_max=256");
        await using var cache = small.Connect(options => options.CompressionThreshold = int.MaxValue);
        await cache.SetAsync("k", "older"u8.ToArray(), s_hour);
        await cache.SetAsync("k", new byte[700_000], s_hour);
        Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.TooLarge]);
        Assert.Null(await cache.GetAsync("k"));
        await cache.SetAsync("k", "newer"u8.ToArray(), s_hour);
        Assert.NotNull(await cache.GetAsync("k"));
    }

    [Fact]
    public async Task Compression_is_kept_only_where_it_helps()
    {
        await using var cache = _server.Connect(options => options.KeyPrefix = "p:");
        var random = new byte[5000];
        new Random(1).NextBytes(random);
        await cache.SetAsync("text", System.Text.Encoding.UTF8.GetBytes(new string('x', 5000)), s_hour);
        await cache.SetAsync("random", random, s_hour);
        await cache.SetAsync("short", new byte[2047], s_hour);
        Assert.InRange(SizeOf("p:text"), 10, 100);
        Assert.InRange(SizeOf("p:random"), 5000, 5020);
        Assert.InRange(SizeOf("p:short"), 2047, 2060);
        Assert.Equal(random, await cache.GetAsync("random"));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(365)]
    [InlineData(20_000)]
    public async Task A_lifetime_of_more_than_30_days_is_no_time_in_1970(int days)
    {
        await using var cache = _server.Connect();
        await cache.SetAsync("k", "v"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(days) });
        Assert.NotNull(await cache.GetAsync("k"));
        var left = SecondsLeft("k");
        Assert.True(days > 10_000 ? left == -1 : Math.Abs(left - (days * 86_400L)) < 5, $"{left} s");
    }

    [Fact]
    public async Task An_absolute_end_is_exact_also_between_the_server_s_seconds()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var cache = _server.Connect(options => options.TimeProvider = clock);
        await cache.SetAsync("k", "v"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(700) });
        clock.Advance(TimeSpan.FromMilliseconds(699));
        Assert.NotNull(await cache.GetAsync("k"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await cache.GetAsync("k"));

        await cache.SetAsync("k", "v"u8.ToArray(), new() { AbsoluteExpiration = clock.GetUtcNow() - TimeSpan.FromSeconds(1) });
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.Expired]);
    }

    [Fact]
    public async Task A_read_starts_the_sliding_window_anew_and_never_past_the_absolute_end()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var cache = _server.Connect(options => options.TimeProvider = clock);
        await cache.SetAsync("k", "v"u8.ToArray(), new() { SlidingExpiration = TimeSpan.FromSeconds(100), AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(150) });
        var version = Item("k", "cas");
        Assert.InRange(SecondsLeft("k"), 99, 101);
        _server.Send("mg k T20\r\n");
        await cache.RefreshAsync("k");
        Assert.NotNull(await cache.GetAsync("k"));
        Assert.InRange(SecondsLeft("k"), 99, 101);

        clock.Advance(TimeSpan.FromSeconds(90));
        _server.Send("mg k T20\r\n");
        Assert.NotNull(await cache.GetAsync("k"));
        Assert.NotNull(await cache.GetAsync("k"));
        Assert.InRange(SecondsLeft("k"), 59, 61);
        // Touched, never written again.
        Assert.Equal(version, Item("k", "cas"));
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await cache.GetAsync("k"));
    }

    [Fact]
    public async Task What_others_have_written_is_a_miss_and_is_counted()
    {
        await using var cache = _server.Connect();
        _server.Send("ms k 5 T60\r\nhello\r\nms e 0 F3 T60\r\n\r\nms z 3 F1297743873 T60\r\n\u0001ab\r\n");
        Assert.Null(await cache.GetAsync("k"));
        Assert.Null(await cache.GetAsync("e"));
        Assert.Null(await cache.GetAsync("z"));
        Assert.Equal(3, cache.Statistics.FailedReads[MemcachedFailure.Unreadable]);
    }

    [Fact]
    public async Task Only_a_null_argument_and_the_callers_own_cancellation_are_exceptions()
    {
        await using var cache = _server.Connect();
        await Assert.ThrowsAsync<ArgumentNullException>(() => cache.GetAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => cache.SetAsync("k", null!, new()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.GetAsync("k", new CancellationToken(true)));
        cache.Dispose();
        Assert.Null(await cache.GetAsync("k"));
        cache.Set("k", [1], new());
        cache.Remove("k");
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.Disposed]);
    }

    [Fact]
    public async Task Many_keys_are_read_in_one_go()
    {
        using var second = MemcachedServer.Start();
        await using var cache = _server.Connect(options =>
        {
            options.Servers.Add(second.Address);
            options.ConnectionsPerServer = 3;
        });
        string[] keys = [.. Enumerable.Range(0, 3000).Select(i => "key " + i.ToString(CultureInfo.InvariantCulture))];
        await Parallel.ForAsync(0, 3000, async (i, token) =>
        {
            if (i % 3 != 0)
                await cache.SetAsync(keys[i], BitConverter.GetBytes(i), s_hour, token);
        });
        var seen = new Dictionary<int, int>();
        await cache.GetManyAsync(keys, (index, bytes) => seen.Add(index, BitConverter.ToInt32(bytes.ToArray())));
        Assert.Equal(2000, seen.Count);
        Assert.All(seen, pair => Assert.True(pair.Key == pair.Value && pair.Key % 3 != 0));
        Assert.Equal(2000, cache.Statistics.Hits);
        Assert.Equal(1000, cache.Statistics.Misses);
        await cache.GetManyAsync([], (_, _) => Assert.Fail("There is nothing to find."));
    }

    private long SizeOf(string key) => long.Parse(_server.Send($"mg {key} s\r\n").Split(' ')[1].TrimStart('s'), CultureInfo.InvariantCulture);

    private long SecondsLeft(string key) => long.Parse(_server.Send($"mg {key} t\r\n").Split(' ')[1].TrimStart('t'), CultureInfo.InvariantCulture);

    private string Item(string key, string what) => _server.Send($"me {key}\r\n").Split(' ').Single(part => part.StartsWith(what, StringComparison.Ordinal));
}
