using System.Buffers;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

public sealed class ContractTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task What_was_stored_is_read_by_all_four_ways(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        cache.Set("sync", Bytes("1"), ForAMinute);
        await cache.SetAsync("async", Bytes("2"), ForAMinute);
        cache.Set("sequence", Segments("3", "and", "more"), ForAMinute);
        await cache.SetAsync("sequence async", Segments("4", "", "more"), ForAMinute);

        Assert.Equal("1", Encoding.UTF8.GetString(cache.Get("sync")!));
        Assert.Equal("2", await cache.Text("async"));
        var written = new ArrayBufferWriter<byte>();
        Assert.True(cache.TryGet("sequence", written));
        Assert.True(await cache.TryGetAsync("sequence async", written));
        Assert.Equal("3andmore4more", Encoding.UTF8.GetString(written.WrittenSpan));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task What_was_not_stored_or_was_removed_is_not_there(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var written = new ArrayBufferWriter<byte>();
        await cache.Put("a", "1");
        await cache.Put("b", "1");
        cache.Remove("a");
        await cache.RemoveAsync("b");
        cache.Remove("never");
        foreach (var key in (string[])["a", "b", "never"])
        {
            Assert.Null(cache.Get(key));
            Assert.Null(await cache.GetAsync(key));
            Assert.False(cache.TryGet(key, written));
            Assert.False(await cache.TryGetAsync(key, written));
        }
        Assert.Equal(0, written.WrittenCount);
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task An_empty_value_is_a_value_and_the_last_one_wins(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await cache.Put("a", "first");
        await cache.Put("a", "");
        Assert.Equal("", await cache.Text("a"));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Odd_keys_do_not_meet(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        string[] odd = ["", " ", "a", "A", "a:lease", "{a", "a}", "{a}", "{}a", "a}b", "a}b:lease", "ä", "\0", "\n", "日本", "😀", "*", new('x', 5000)];
        foreach (var key in odd)
        {
            var read = await cache.Ask(key);
            Assert.True(await cache.Put(key, "value of " + key, read.Lease!.Value));
        }
        foreach (var key in odd)
            Assert.Equal("value of " + key, await cache.Text(key));
    }

    [Fact]
    public async Task Half_a_character_is_no_key()
    {
        await using var cache = new RedisCache("127.0.0.1:1");
        await Assert.ThrowsAsync<ArgumentException>(() => cache.GetAsync("a\uD83D"));
        Assert.Throws<ArgumentException>(() => cache.Remove("\uDE00"));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_bare_GET_finds_the_value(string kind)
    {
        await using var cache = TestServers.Cache(kind, "bare:");
        await cache.Put("user:42", "Ada");
        using var plain = await TestServers.Plain(kind);
        Assert.Equal("Ada", (string?)await plain.GetDatabase().StringGetAsync("bare:user:42"));
        Assert.InRange((await plain.GetDatabase().KeyTimeToLiveAsync("bare:user:42"))!.Value.TotalSeconds, 50, 60);
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Large_values_come_back_as_they_were(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        foreach (var size in (int[])[1 << 10, 50_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 10_000_000, 64 << 20])
        {
            var value = new byte[size];
            new Random(size).NextBytes(value);
            await cache.SetAsync("large", value, ForAMinute);
            var read = await cache.GetAsync("large");
            Assert.True(value.AsSpan().SequenceEqual(read), $"{size} bytes");
            var written = new ArrayBufferWriter<byte>();
            Assert.True((await cache.GetOrLeaseAsync("large", written, Minute)).Found);
            Assert.True(value.AsSpan().SequenceEqual(written.WrittenSpan), $"{size} bytes, leased");
        }
        await cache.RemoveAsync("large");
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_buffer_can_be_used_again_at_once(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var buffer = new byte[100_000];
        var stores = new List<Task>();
        for (byte i = 0; i < 20; i++)
        {
            buffer.AsSpan().Fill(i);
            stores.Add(cache.SetAsync($"{i}", buffer, ForAMinute));
        }
        await Task.WhenAll(stores);
        for (byte i = 0; i < 20; i++)
        {
            var read = await cache.GetAsync($"{i}");
            Assert.Equal(buffer.Length, read!.Length);
            Assert.Equal(-1, read.AsSpan().IndexOfAnyExcept(i));
        }
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Scripts_are_sent_again_when_the_server_has_forgotten_them(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await cache.Put("a", "1");
        using var plain = await TestServers.Plain(kind);
        await Forget();
        await cache.Put("a", "2");
        await Forget();
        cache.Set("b", Bytes("3"), ForAMinute);
        Assert.Equal("2", await cache.Text("a"));
        Assert.Equal("3", await cache.Text("b"));

        Task Forget() => Task.WhenAll(plain.GetServers().Select(static server => server.ExecuteAsync("SCRIPT", "FLUSH")));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_cancelled_call_leaves(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var cancelled = new CancellationToken(canceled: true);
        await cache.Put("a", "1");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.GetAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.SetAsync("a", Bytes("2"), ForAMinute, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.RemoveAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.RefreshAsync("a", cancelled));
        Assert.Equal("1", await cache.Text("a"));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task It_serves_under_HybridCache(string kind)
    {
        var prefix = TestServers.NewPrefix();
        var loads = 0;
        for (var process = 0; process < 2; process++)
        {
            var services = new ServiceCollection();
            services.AddRedisCache(options => (options.Configuration, options.KeyPrefix) = (TestServers.Address(kind), prefix));
            services.AddHybridCache();
            await using var provider = services.BuildServiceProvider();
            var hybrid = provider.GetRequiredService<HybridCache>();
            var value = await hybrid.GetOrCreateAsync("report", _ => ValueTask.FromResult($"loaded {++loads}"));
            Assert.Equal("loaded 1", value);
            // HybridCache stores behind its caller's back.
            await Until(async () => await provider.GetRequiredService<RedisCache>().GetAsync("report") is not null);
        }
    }

    private static ReadOnlySequence<byte> Segments(params string[] parts)
    {
        var first = new Segment(Bytes(parts[0]), 0);
        var last = first;
        foreach (var part in parts.Skip(1))
            last = last.Append(Bytes(part));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        internal Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
