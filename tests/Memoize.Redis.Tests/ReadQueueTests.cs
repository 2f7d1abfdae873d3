using System.Buffers;
using System.Globalization;
using System.Text;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>Reads that come while others are under way go together.</summary>
public sealed class ReadQueueTests
{
    private const int Reads = 300;
    private const int Few = 4;

    [Fact]
    public async Task Many_at_once_share_commands_and_each_gets_its_own_value()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = await FilledAsync(server);
        var (commands, looked) = (Count(server, "commandstats", "cmdstat_mget:calls="), Looked(server));

        server.Signal("STOP");
        var reads = Enumerable.Range(0, Reads).Select(i => ReadAsync(cache, i, default)).ToArray();
        Assert.DoesNotContain(reads, static read => read.IsCompleted);
        server.Signal("CONT");
        Assert.Equal(Enumerable.Range(0, Reads).Select(static i => $"value {i}, the stamp"), await Task.WhenAll(reads));

        commands = Count(server, "commandstats", "cmdstat_mget:calls=") - commands;
        Assert.InRange(commands, Few + 1, Reads / 2);
        // What all want was asked for once in each command.
        Assert.Equal(Reads + commands, Looked(server) - looked);
    }

    [Fact]
    public async Task Single_values_share_commands_too()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = await FilledAsync(server);

        server.Signal("STOP");
        var reads = Enumerable.Range(0, Reads).Select(i => cache.Text($"{i}")).ToArray();
        var missing = cache.Text("missing");
        server.Signal("CONT");
        Assert.Equal(Enumerable.Range(0, Reads).Select(static i => $"value {i}"), await Task.WhenAll(reads));
        Assert.Null(await missing);
        Assert.InRange(Count(server, "commandstats", "cmdstat_mget:calls="), 1, Reads / 2);
    }

    [Fact]
    public async Task One_who_leaves_and_one_with_a_bad_key_take_nobody_along()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = await FilledAsync(server);
        using var leaving = new CancellationTokenSource();

        server.Signal("STOP");
        var reads = Enumerable.Range(0, 20).Select(i => ReadAsync(cache, i, i == 2 || i == 10 ? leaving.Token : default)).ToArray();
        await Assert.ThrowsAsync<ArgumentException>(() => cache.GetManyAsync(["20", "\ud800"], static (_, _) => { }).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => cache.GetAsync("\ud800"));
        leaving.Cancel();
        foreach (var left in (int[])[2, 10])
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reads[left]);
        server.Signal("CONT");
        foreach (var i in Enumerable.Range(0, reads.Length).Where(static i => i is not (2 or 10)))
            Assert.Equal($"value {i}, the stamp", await reads[i]);
    }

    [Fact]
    public async Task A_lost_connection_reaches_all_and_the_next_reads_go()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = await FilledAsync(server);

        server.Signal("STOP");
        var reads = Enumerable.Range(0, 50).Select(i => ReadAsync(cache, i, default)).ToArray();
        server.Kill();
        foreach (var read in reads)
            await Assert.ThrowsAnyAsync<RedisException>(() => read);

        server.Start();
        await Until(async () =>
        {
            try
            {
                await cache.Put("0", "again");
                return true;
            }
            catch (RedisException)
            {
                return false;
            }
        });
        var again = Enumerable.Range(0, 50).Select(_ => cache.Text("0")).ToArray();
        Assert.All(await Task.WhenAll(again), static text => Assert.Equal("again", text));
    }

    [Fact]
    public async Task Where_a_user_may_not_ask_for_several_each_is_asked_for()
    {
        using var server = TestServers.OwnRedis();
        await using (await FilledAsync(server))
            server.Say("ACL SETUSER shop on >secret ~* &* +@all -mget");
        await using var cache = new RedisCache(new RedisCacheOptions { Configuration = server.Address + ",user=shop,password=secret", Timeout = TimeSpan.FromSeconds(20) });
        await cache.GetAsync("0");

        server.Signal("STOP");
        var reads = Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? ReadAsync(cache, i, default) : Single(i)).ToArray();
        server.Signal("CONT");
        Assert.Equal(Enumerable.Range(0, 50).Select(static i => $"value {i}, the stamp"), await Task.WhenAll(reads));

        // It is not tried again.
        var refused = Count(server, "commandstats", "rejected_calls=", "cmdstat_mget");
        Assert.Equal("value 1, the stamp", await ReadAsync(cache, 1, default));
        Assert.Equal(refused, Count(server, "commandstats", "rejected_calls=", "cmdstat_mget"));

        async Task<string> Single(int i) => await cache.Text($"{i}") + ", the stamp";
    }

    private static async Task<RedisCache> FilledAsync(RedisProcess server)
    {
        var cache = new RedisCache(new RedisCacheOptions { Configuration = server.Address, Timeout = TimeSpan.FromSeconds(20) });
        await cache.Put("stamp", "the stamp");
        for (var i = 0; i < Reads; i++)
            await cache.Put($"{i}", $"value {i}");
        return cache;
    }

    private static async Task<string> ReadAsync(RedisCache cache, int i, CancellationToken token)
    {
        var found = new string?[2];
        await cache.GetManyAsync([$"{i}", "stamp"], (at, bytes) => found[at] = Encoding.UTF8.GetString(bytes), token);
        return string.Join(", ", found);
    }

    private static long Looked(RedisProcess server) => Count(server, "stats", "keyspace_hits:");

    private static long Count(RedisProcess server, string section, string number, string line = "")
        => server.Say($"INFO {section}").Split('\n')
            .Where(row => row.Contains(number, StringComparison.Ordinal) && row.StartsWith(line, StringComparison.Ordinal))
            .Select(row => long.Parse(row[(row.IndexOf(number, StringComparison.Ordinal) + number.Length)..].Split(',', '\r')[0], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
