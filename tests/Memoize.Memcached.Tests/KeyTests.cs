using System.Globalization;
using System.Text;
using Memoize.Memcached.Connections;

namespace Memoize.Memcached.Tests;

public sealed class KeyTests
{
    [Theory]
    [InlineData("user:42", "user:42")]
    [InlineData("", "%-")]
    [InlineData("a b\tc\r\nd%e\u007F\0", "a%20b%09c%0D%0Ad%25e%7F%00")]
    [InlineData("äöü €", "äöü%20€")]
    [InlineData("\U0001F600", "\U0001F600")]
    [InlineData("%20", "%2520")]
    public void A_key_is_readable_on_the_wire(string key, string wire)
    {
        Assert.Equal(wire, Encoding.UTF8.GetString(WireKey.Of(key, out var isHashed)));
        Assert.False(isHashed);
    }

    [Fact]
    public void Half_a_character_is_escaped_too()
    {
        // Attributes cannot hold these.
        A_key_is_readable_on_the_wire("x\uD83Dy", "x%uD83Dy");
        A_key_is_readable_on_the_wire("x\uDE00\uD83D", "x%uDE00%uD83D");
    }

    [Fact]
    public void A_long_key_ends_with_its_hash_which_is_the_same_everywhere()
    {
        Assert.Equal(new string('a', 248), Encoding.UTF8.GetString(WireKey.Of(new string('a', 248), out var isHashed)));
        Assert.False(isHashed);
        Assert.Equal(new string('a', 224) + "%#" + "5SYGSc1Oi3a57Q8ZztJ9Sw", Encoding.UTF8.GetString(WireKey.Of(new string('a', 249), out isHashed)));
        Assert.True(isHashed);
        // Cut between characters.
        var wire = WireKey.Of(string.Concat(Enumerable.Repeat("€", 100)), out isHashed);
        Assert.True(isHashed);
        Assert.StartsWith("€€€", Encoding.UTF8.GetString(wire), StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(wire));
        Assert.InRange(WireKey.Lease(wire).Length, 200, 250);
    }

    [Fact]
    public async Task Keys_of_all_kinds_and_lengths_are_told_apart()
    {
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect();
        string[] keys =
        [
            "", " ", "  ", "%", "%20", "%-", "a b", "a%20b", "a\nb", "a\r\nb", "\0", "ä", "a\u0308", "\uD800", "\uD801", "\uFFFD", "\uD800\uDC00",
            .. Enumerable.Range(230, 30).Select(length => new string('k', length)),
            .. Enumerable.Range(0, 20).Select(i => new string('k', 1000) + i.ToString(CultureInfo.InvariantCulture)),
            .. Enumerable.Range(75, 15).Select(length => new string('€', length)),
        ];
        for (var i = 0; i < keys.Length; i++)
            await cache.SetAsync(keys[i], BitConverter.GetBytes(i), new());
        for (var i = 0; i < keys.Length; i++)
            Assert.Equal(i, BitConverter.ToInt32((await cache.GetAsync(keys[i]))!));
        Assert.Empty(cache.Statistics.NotStored);
    }

    [Fact]
    public async Task A_collision_of_hashes_is_a_miss_and_is_counted()
    {
        using var server = MemcachedServer.Start();
        await using var cache = server.Connect();
        var (mine, other) = (new string('k', 500) + "mine", new string('k', 500) + "other");
        await cache.SetAsync(other, "theirs"u8.ToArray(), new());
        // No two keys with one hash are known, so the value is put where the other would be.
        var wire = Encoding.UTF8.GetString(WireKey.Of(other, out _));
        var size = int.Parse(server.Send($"mg {wire} s\r\n").Split(' ')[1].TrimStart('s'), CultureInfo.InvariantCulture);
        Assert.True(size > 500);
        var raw = server.Send($"mg {wire} v\r\n");
        server.Send($"ms {Encoding.UTF8.GetString(WireKey.Of(mine, out _))} {size} F1297743873\r\n{raw[(raw.IndexOf('\n', StringComparison.Ordinal) + 1)..]}");
        Assert.Null(await cache.GetAsync(mine));
        Assert.Equal(1, cache.Statistics.FailedReads[MemcachedFailure.Collision]);
        Assert.Equal("theirs"u8.ToArray(), await cache.GetAsync(other));
    }

    [Fact]
    public void Losing_a_server_moves_its_own_keys_and_no_others()
    {
        var servers = Enumerable.Range(1, 5).Select(i => ServerAddress.Parse($"cache-{i}:11211")).ToList();
        byte[][] keys = [.. Enumerable.Range(0, 20_000).Select(i => Encoding.UTF8.GetBytes($"user:{i}"))];
        var all = new Rendezvous(servers);
        var fewer = new Rendezvous([.. servers.Where((_, i) => i != 2)]);
        var shuffled = new Rendezvous([.. servers.AsEnumerable().Reverse()]);
        var counts = new int[5];
        foreach (var key in keys)
        {
            var before = all.Of(key);
            counts[before]++;
            Assert.Equal(before, 4 - shuffled.Of(key));
            var after = fewer.Of(key);
            if (before != 2)
                Assert.Equal(before, after < 2 ? after : after + 1);
        }
        Assert.All(counts, count => Assert.InRange(count, 3800, 4200));
    }

    [Fact]
    public void A_key_has_the_same_server_in_every_process_and_version()
    {
        var rendezvous = new Rendezvous([.. Enumerable.Range(1, 5).Select(i => ServerAddress.Parse($"cache-{i}"))]);
        Assert.Equal("2244003214104440000304144202323033433443", string.Join("", Enumerable.Range(0, 40).Select(i => rendezvous.Of(Encoding.UTF8.GetBytes($"user:{i}")))));
    }

    [Theory]
    [InlineData("localhost", "localhost:11211")]
    [InlineData("Cache-1.Internal:11212", "cache-1.internal:11212")]
    [InlineData("127.0.0.1:1", "127.0.0.1:1")]
    [InlineData("::1", "[::1]:11211")]
    [InlineData("[::1]", "[::1]:11211")]
    [InlineData("[::1]:7", "[::1]:7")]
    public void A_server_is_named_by_host_and_port(string text, string address) => Assert.Equal(address, ServerAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":11211")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:x")]
    public void What_is_no_server_is_refused_at_once(string text)
    {
        var options = new MemcachedCacheOptions();
        options.Servers.Add(text);
        Assert.Throws<ArgumentException>(() => new MemcachedCache(options));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => new MemcachedCache(new MemcachedCacheOptions()));
        Action<MemcachedCacheOptions>[] wrong =
        [
            options => options.Servers.Add("A"), options => options.OperationTimeout = TimeSpan.Zero, options => options.DeadTime = TimeSpan.FromDays(2),
            options => options.ConnectTimeout = -TimeSpan.FromSeconds(1), options => options.ConnectionsPerServer = 0, options => options.MaxValueBytes = 5,
            options => options.CompressionThreshold = -1, options => options.KeyPrefix = null!, options => options.TimeProvider = null!,
        ];
        foreach (var change in wrong)
        {
            var options = new MemcachedCacheOptions();
            options.Servers.Add("a");
            change(options);
            Assert.ThrowsAny<ArgumentException>(() => new MemcachedCache(options));
        }
    }
}
