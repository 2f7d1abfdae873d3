using System.Buffers;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly TestFile _file = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SqliteCache _cache;
    private readonly SqliteCache _other;

    public LeaseTests() => (_cache, _other) = (_file.Open(_clock), _file.Open(_clock));

    public void Dispose()
    {
        _cache.Dispose();
        _other.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task One_of_many_is_given_the_lease_and_the_others_get_its_value()
    {
        var reads = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Read(i % 2 == 0 ? _cache : _other))));
        var lease = Assert.Single(reads, read => read.Lease is not null).Lease!.Value;
        Assert.All(reads, read => Assert.False(read.Found));
        Assert.True(await _other.SetAsync("a", new([7]), TestFile.Forever, lease));
        Assert.Equal(LeasedRead.Value, await Read(_cache));
        Assert.False(await _cache.SetAsync("a", new([8]), TestFile.Forever, lease));
        Assert.Equal([7], _cache.Get("a"));
    }

    [Fact]
    public async Task A_lease_that_has_expired_is_handed_over_and_is_worth_nothing()
    {
        var first = (await Read(_cache)).Lease!.Value;
        _clock.Advance(s_minute - TimeSpan.FromMilliseconds(1));
        Assert.True(IsBusy(await Read(_other)));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = (await Read(_other)).Lease!.Value;
        Assert.False(await _cache.SetAsync("a", new([1]), TestFile.Forever, first));
        await _cache.ReleaseAsync("a", first);
        Assert.True(IsBusy(await Read(_cache)));
        Assert.True(await _other.SetAsync("a", new([2]), TestFile.Forever, second));
    }

    [Fact]
    public async Task Who_is_not_given_the_lease_hears_which_one_it_is()
    {
        await Read(_cache);
        var first = await Read(_other);
        Assert.True(IsBusy(first) && first.Holder is not null);
        Assert.Equal(first, await Read(_cache));
        Assert.Equal(first, await _cache.LeaseAsync("a", s_minute));
        _clock.Advance(s_minute);
        await Read(_cache);
        Assert.NotEqual(first.Holder, Assert.NotNull((await _other.LeaseAsync("a", s_minute)).Holder));

        _cache.Set("b", [1], TestFile.Forever);
        await _cache.LeaseAsync("b", s_minute);
        Assert.NotNull((await _other.LeaseAsync("b", s_minute)).Holder);
    }

    [Fact]
    public async Task A_lease_that_has_expired_stores_nothing_even_if_nobody_else_asked()
    {
        var lease = (await Read(_cache)).Lease!.Value;
        _clock.Advance(s_minute);
        Assert.False(await _cache.SetAsync("a", new([1]), TestFile.Forever, lease));
        Assert.Null(_cache.Get("a"));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_lasts_from_then_on()
    {
        var lease = (await Read(_cache)).Lease!.Value;
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(0.9 * s_minute);
            Assert.Equal(LeaseRenewal.Renewed, await _cache.RenewAsync("a", lease, s_minute));
            Assert.Equal(lease.Id, (await Read(_other)).Holder);
        }

        Assert.True(await _cache.SetAsync("a", new([1]), TestFile.Forever, lease));
        Assert.Equal(LeaseRenewal.Ended, await _cache.RenewAsync("a", lease, s_minute));
        Assert.Equal([1], _other.Get("a"));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("another")]
    [InlineData("release")]
    [InlineData("remove")]
    [InlineData("set")]
    [InlineData("prefix")]
    [InlineData("clear")]
    public async Task A_lease_that_has_ended_is_not_brought_back(string how)
    {
        var lease = (await Read(_cache)).Lease!.Value;
        switch (how)
        {
            case "time": _clock.Advance(s_minute); break;
            case "another": _clock.Advance(s_minute); await Read(_other); break;
            case "release": await _cache.ReleaseAsync("a", lease); break;
            case "remove": _other.Remove("a"); break;
            case "set": _other.Set("a", [9], TestFile.Forever); break;
            case "prefix": await _other.RemoveByPrefixAsync("a"); break;
            case "clear": _other.Clear(); break;
        }
        Assert.Equal(LeaseRenewal.Ended, await _cache.RenewAsync("a", lease, 10 * s_minute));
        Assert.False(await _cache.SetAsync("a", new([1]), TestFile.Forever, lease));
        // Nobody waits for it any longer either.
        _clock.Advance(s_minute);
        Assert.False(IsBusy(await Read(_other)));
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("set")]
    [InlineData("prefix")]
    [InlineData("clear")]
    public async Task What_changes_the_entry_ends_the_lease(string how)
    {
        var lease = (await Read(_cache)).Lease!.Value;
        switch (how)
        {
            case "remove": _other.Remove("a"); break;
            case "set": _other.Set("a", [9], TestFile.Forever); break;
            case "prefix": await _other.RemoveByPrefixAsync("a"); break;
            case "clear": _other.Clear(); break;
        }
        Assert.False(await _cache.SetAsync("a", new([1]), TestFile.Forever, lease));
        Assert.Equal(how == "set" ? [9] : null, _cache.Get("a"));
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_given_to_the_next_one()
    {
        var lease = (await Read(_cache)).Lease!.Value;
        await _cache.ReleaseAsync("a", lease);
        Assert.NotNull((await Read(_other)).Lease);
        Assert.False(await _cache.SetAsync("a", new([1]), TestFile.Forever, lease));
    }

    [Fact]
    public async Task A_lease_for_renewal_leaves_the_value_to_readers()
    {
        _cache.Set("a", [1], TestFile.Forever);
        var lease = (await _cache.LeaseAsync("a", s_minute)).Lease;
        Assert.NotNull(lease);
        Assert.Null((await _other.LeaseAsync("a", s_minute)).Lease);
        Assert.Equal(LeasedRead.Value, await Read(_other));
        Assert.True(await _cache.SetAsync("a", new([2]), TestFile.Forever, lease.Value));
        Assert.Equal([2], _other.Get("a"));
    }

    [Fact]
    public async Task Four_processes_take_each_lease_once()
    {
        var peers = Enumerable.Range(0, 4).Select(_ => _file.Peer("lease", "key", "200")).ToList();
        var taken = 0;
        foreach (var peer in peers)
            taken += int.Parse((await TestFile.Finish(peer)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(200, taken);
    }

    private static bool IsBusy(LeasedRead read) => read is { Found: false, Lease: null };

    private static async Task<LeasedRead> Read(SqliteCache cache) => await cache.GetOrLeaseAsync("a", new ArrayBufferWriter<byte>(), s_minute);
}
