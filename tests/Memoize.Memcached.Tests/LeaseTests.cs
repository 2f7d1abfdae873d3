using System.Buffers;
using System.Text;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Tests;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);
    private static readonly DistributedCacheEntryOptions s_hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    // Two processes in all that matters: they share nothing but the server.
    private readonly MemcachedServer _server = MemcachedServer.Start();
    private readonly MemcachedCache _one;
    private readonly MemcachedCache _other;

    public LeaseTests()
    {
        _one = _server.Connect();
        _other = _server.Connect();
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task One_gets_the_lease_the_others_wait_and_then_read_the_value()
    {
        var lease = await Leased(_one);
        Assert.True(IsBusy(await Ask(_other)));
        Assert.True(IsBusy(await Ask(_one)));
        Assert.Null(await _other.GetAsync("k"));
        Assert.True(await _one.SetAsync("k", Bytes("v"), s_hour, lease));
        Assert.Equal(LeasedRead.Value, await Ask(_other));
        Assert.Equal("v"u8.ToArray(), await _other.GetAsync("k"));
        Assert.False(await _one.SetAsync("k", Bytes("w"), s_hour, lease));
    }

    [Fact]
    public async Task Who_is_not_given_the_lease_hears_which_one_it_is()
    {
        var lease = await Leased(_one);
        var first = await Ask(_other);
        Assert.True(IsBusy(first) && first.Holder is not null);
        Assert.Equal(first, await Ask(_one));
        Assert.Equal(first, await _other.LeaseAsync("k", s_long));
        await _one.ReleaseAsync("k", lease);
        await Leased(_one);
        Assert.NotEqual(first.Holder, Assert.NotNull((await Ask(_other)).Holder));
    }

    [Fact]
    public async Task Who_may_not_renew_a_value_hears_which_lease_it_is()
    {
        await _one.SetAsync("k", "old"u8.ToArray(), s_hour);
        var lease = await _one.LeaseAsync("k", s_long);
        var first = await _other.LeaseAsync("k", s_long);
        Assert.True(IsBusy(first) && first.Holder is not null);
        Assert.Equal(first, await _other.LeaseAsync("k", s_long));
        await _one.ReleaseAsync("k", lease.Lease!.Value);
        await _one.LeaseAsync("k", s_long);
        Assert.NotEqual(first.Holder, Assert.NotNull((await _other.LeaseAsync("k", s_long)).Holder));
    }

    [Fact]
    public async Task A_removal_ends_the_lease()
    {
        var lease = await Leased(_one);
        await _other.RemoveAsync("k");
        Assert.False(await _one.SetAsync("k", Bytes("stale"), s_hour, lease));
        Assert.Null(await _one.GetAsync("k"));
    }

    [Fact]
    public async Task A_removal_ends_the_lease_also_where_somebody_else_has_one_by_now()
    {
        var lease = await Leased(_one);
        await _one.RemoveAsync("k");
        var next = await Leased(_other);
        Assert.False(await _one.SetAsync("k", Bytes("stale"), s_hour, lease));
        Assert.True(await _other.SetAsync("k", Bytes("fresh"), s_hour, next));
        Assert.Equal("fresh"u8.ToArray(), await _one.GetAsync("k"));
    }

    [Fact]
    public async Task Another_value_ends_the_lease()
    {
        var lease = await Leased(_one);
        await _other.SetAsync("k", "fresh"u8.ToArray(), s_hour);
        Assert.False(await _one.SetAsync("k", Bytes("stale"), s_hour, lease));
        Assert.Equal("fresh"u8.ToArray(), await _one.GetAsync("k"));
    }

    [Fact]
    public async Task A_lease_that_is_given_back_is_free_and_only_its_own_is()
    {
        var lease = await Leased(_one);
        await _one.ReleaseAsync("k", lease);
        var next = await Leased(_other);
        await _one.ReleaseAsync("k", lease);
        Assert.True(IsBusy(await Ask(_one)));
        Assert.True(await _other.SetAsync("k", Bytes("v"), s_hour, next));
        await _other.ReleaseAsync("k", next);
        Assert.Equal(LeasedRead.Value, await Ask(_one));
    }

    [Fact]
    public async Task A_lease_ends_after_its_duration_and_another_takes_over()
    {
        var lease = (await Ask(_one, TimeSpan.FromMilliseconds(100))).Lease!.Value;
        CacheLease? next = null;
        for (var i = 0; i < 100 && next is null; i++)
        {
            // The server's seconds, which no signal announces.
            await Task.Delay(50);
            next = (await Ask(_other)).Lease;
        }
        Assert.NotNull(next);
        Assert.False(await _one.SetAsync("k", Bytes("late"), s_hour, lease));
        Assert.True(await _other.SetAsync("k", Bytes("v"), s_hour, next.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lease_that_is_renewed_lasts_from_then_on(bool hasValue)
    {
        if (hasValue)
            await _one.SetAsync("k", "old"u8.ToArray(), s_hour);
        var lease = (await _one.LeaseAsync("k", TimeSpan.FromSeconds(3))).Lease!.Value;
        var first = await _other.LeaseAsync("k", s_long);
        Assert.NotNull(first.Holder);
        // Longer than the server's seconds could make of three.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(LeaseRenewal.Renewed, await _one.RenewAsync("k", lease, i == 4 ? s_long : TimeSpan.FromSeconds(3)));
            Assert.Equal(first, await _other.LeaseAsync("k", s_long));
            Assert.Equal(hasValue, await _other.GetAsync("k") is not null);
            if (!hasValue)
                Assert.Equal(first, await Ask(_other));
            if (i == 4)
                await Task.Delay(5000);
        }

        Assert.Equal(first, await _other.LeaseAsync("k", s_long));
        Assert.True(await _one.SetAsync("k", Bytes("v"), s_hour, lease));
        Assert.Equal("v"u8.ToArray(), await _other.GetAsync("k"));
        Assert.NotNull((await _other.LeaseAsync("k", s_long)).Lease);
        Assert.Equal(LeaseRenewal.Ended, await _one.RenewAsync("k", lease, s_long));
    }

    [Theory]
    [InlineData("remove", false), InlineData("set", false), InlineData("release", false), InlineData("time", false), InlineData("server", false)]
    [InlineData("remove", true), InlineData("set", true), InlineData("release", true), InlineData("time", true), InlineData("server", true)]
    public async Task A_lease_that_has_ended_is_not_brought_back(string how, bool wasRenewed)
    {
        // Long enough to be renewed in time on a busy machine.
        var duration = how != "time" ? s_long : wasRenewed ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(300);
        var lease = (await Ask(_one, duration)).Lease!.Value;
        if (wasRenewed)
            Assert.Equal(LeaseRenewal.Renewed, await _one.RenewAsync("k", lease, duration));
        switch (how)
        {
            case "remove": await _other.RemoveAsync("k"); break;
            case "set": await _other.SetAsync("k", "fresh"u8.ToArray(), s_hour); break;
            case "release": await _one.ReleaseAsync("k", lease); break;
            case "time": await Task.Delay(duration + TimeSpan.FromMilliseconds(100)); break;
            default:
                _server.Kill();
                _server.Launch();
                break;
        }
        if (how is "remove" or "release" or "server")
            await Leased(_other);
        Assert.Equal(LeaseRenewal.Ended, await _one.RenewAsync("k", lease, s_long));
        Assert.False(await _one.SetAsync("k", Bytes("stale"), s_hour, lease));
        Assert.Equal(how == "set" ? "fresh"u8.ToArray() : null, await _one.GetAsync("k"));
    }

    [Fact]
    public async Task A_lease_may_be_used_while_it_is_being_renewed()
    {
        for (var i = 0; i < 200; i++)
        {
            var key = "k" + i;
            var lease = (await _one.LeaseAsync(key, s_long)).Lease!.Value;
            var renewals = Enumerable.Range(0, 3).Select(_ => _one.RenewAsync(key, lease, s_long).AsTask()).ToArray();
            Assert.True(await _one.SetAsync(key, Bytes("v"), s_hour, lease));
            await Task.WhenAll(renewals);
            Assert.Equal("v"u8.ToArray(), await _other.GetAsync(key));
        }
    }

    [Fact]
    public async Task A_lease_ends_with_the_connection_since_a_new_server_counts_anew()
    {
        var lease = await Leased(_one);
        _server.Kill();
        _server.Launch();
        var next = await Leased(_other);
        Assert.Equal(StoreOutcome.LeaseLost, await _one.StoreAsync("k", Bytes("stale"), s_hour, lease));
        Assert.True(await _other.SetAsync("k", Bytes("v"), s_hour, next));
    }

    [Fact]
    public async Task What_ended_the_lease_is_said()
    {
        var lease = (await Ask(_one, TimeSpan.FromMilliseconds(50))).Lease!.Value;
        await Task.Delay(100);
        Assert.Equal(StoreOutcome.LeaseLost, await _one.StoreAsync("k", Bytes("late"), s_hour, lease));
        lease = (await _one.LeaseAsync("l", s_long)).Lease!.Value;
        await _other.RemoveAsync("l");
        Assert.Equal(StoreOutcome.LeaseEnded, await _one.StoreAsync("l", Bytes("stale"), s_hour, lease));
    }

    [Fact]
    public async Task A_value_is_renewed_by_one_and_stays_meanwhile()
    {
        await _one.SetAsync("k", "old"u8.ToArray(), s_hour);
        var lease = (await _one.LeaseAsync("k", s_long)).Lease;
        Assert.NotNull(lease);
        Assert.Null((await _other.LeaseAsync("k", s_long)).Lease);
        Assert.Equal("old"u8.ToArray(), await _other.GetAsync("k"));
        Assert.True(await _one.SetAsync("k", Bytes("new"), s_hour, lease.Value));
        Assert.Equal("new"u8.ToArray(), await _other.GetAsync("k"));
        Assert.NotNull((await _other.LeaseAsync("k", s_long)).Lease);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_or_another_value_ends_a_renewal(bool removal)
    {
        await _one.SetAsync("k", "old"u8.ToArray(), s_hour);
        var lease = (await _one.LeaseAsync("k", s_long)).Lease!.Value;
        if (removal)
            await _other.RemoveAsync("k");
        else
            await _other.SetAsync("k", "fresh"u8.ToArray(), s_hour);
        // Whoever asks next gets a lease of his own: the old one holds nobody up.
        var next = (await _other.LeaseAsync("k", s_long)).Lease;
        Assert.NotNull(next);
        Assert.False(await _one.SetAsync("k", Bytes("stale"), s_hour, lease));
        Assert.True(await _other.SetAsync("k", Bytes("v"), s_hour, next.Value));
        Assert.Equal("v"u8.ToArray(), await _one.GetAsync("k"));
    }

    [Fact]
    public async Task A_renewal_that_is_given_back_is_free()
    {
        await _one.SetAsync("k", "old"u8.ToArray(), s_hour);
        await _one.ReleaseAsync("k", (await _one.LeaseAsync("k", s_long)).Lease!.Value);
        Assert.NotNull((await _other.LeaseAsync("k", s_long)).Lease);
        Assert.Equal("old"u8.ToArray(), await _other.GetAsync("k"));
    }

    [Fact]
    public async Task Without_a_value_a_renewal_is_a_lease_like_any_other()
    {
        var lease = (await _one.LeaseAsync("k", s_long)).Lease!.Value;
        Assert.Null((await _other.LeaseAsync("k", s_long)).Lease);
        Assert.True(IsBusy(await Ask(_other)));
        Assert.True(await _one.SetAsync("k", Bytes("v"), s_hour, lease));
    }

    [Fact]
    public async Task What_cannot_be_read_is_replaced_under_a_lease()
    {
        _server.Send("ms k 5 T60\r\nhello\r\n");
        var lease = await Leased(_one);
        Assert.True(await _one.SetAsync("k", Bytes("v"), s_hour, lease));
        Assert.Equal(LeasedRead.Value, await Ask(_other));
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_reported_and_ends_the_lease()
    {
        var lease = await Leased(_one);
        var large = new byte[2 << 20];
        new Random(1).NextBytes(large);
        Assert.False(await _one.SetAsync("k", new(large), s_hour, lease));
        Assert.Equal(1, _one.Statistics.NotStored[MemcachedFailure.TooLarge]);
        await Leased(_other);
    }

    [Fact]
    public async Task A_lease_is_good_for_its_own_key_only()
    {
        var lease = await Leased(_one);
        Assert.False(await _one.SetAsync("other", Bytes("v"), s_hour, lease));
        Assert.False(await _other.SetAsync("k", Bytes("v"), s_hour, lease));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_loads()
    {
        var caches = Enumerable.Range(0, 4).Select(_ => _server.Connect()).ToList();
        for (var round = 0; round < 50; round++)
        {
            var key = "key" + round;
            var loads = 0;
            await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
            {
                var cache = caches[i % caches.Count];
                while (true)
                {
                    var read = await cache.GetOrLeaseAsync(key, new ArrayBufferWriter<byte>(), s_long);
                    if (read.Found)
                        return;
                    if (read.Lease is { } lease)
                    {
                        Interlocked.Increment(ref loads);
                        Assert.True(await cache.SetAsync(key, Bytes("v"), s_hour, lease));
                        return;
                    }
                    await Task.Yield();
                }
            }));
            Assert.Equal(1, loads);
        }
        caches.ForEach(cache => cache.Dispose());
    }

    /// <summary>
    /// The truth is a number that only grows. Whoever changes it evicts afterwards; whoever loads reads it after having the lease. Once an
    /// eviction is over, nothing from before it may ever be read.
    /// </summary>
    [Fact]
    public async Task Nothing_from_before_an_eviction_is_read_after_it()
    {
        var truth = 0;
        using var stop = new CancellationTokenSource();
        var loaders = Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            var cache = i % 2 == 0 ? _one : _other;
            var random = new Random(i);
            while (!stop.IsCancellationRequested)
            {
                var read = await cache.GetOrLeaseAsync("k", new ArrayBufferWriter<byte>(), s_long);
                if (read.Lease is not { } lease && (read.Found is false || (await cache.LeaseAsync("k", s_long)).Lease is not { } renewal || (lease = renewal) == default))
                    continue;
                var loaded = Volatile.Read(ref truth);
                if (random.Next(3) == 0)
                    await Task.Delay(1);
                if (random.Next(3) == 0)
                    await cache.RenewAsync("k", lease, s_long);
                if (random.Next(10) == 0)
                    await cache.ReleaseAsync("k", lease);
                else
                    await cache.SetAsync("k", new(BitConverter.GetBytes(loaded)), s_hour, lease);
            }
        })).ToList();

        for (var i = 1; i <= 2000; i++)
        {
            Volatile.Write(ref truth, i);
            await _other.RemoveAsync("k");
            if (await _one.GetAsync("k") is { } read)
                Assert.True(BitConverter.ToInt32(read) >= i, $"{BitConverter.ToInt32(read)} after the eviction of everything before {i}");
        }
        await stop.CancelAsync();
        await Task.WhenAll(loaders);
    }

    private static bool IsBusy(LeasedRead read) => read is { Found: false, Lease: null };

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ValueTask<LeasedRead> Ask(MemcachedCache cache, TimeSpan? duration = null)
        => cache.GetOrLeaseAsync("k", new ArrayBufferWriter<byte>(), duration ?? s_long);

    private static async Task<CacheLease> Leased(MemcachedCache cache)
    {
        var read = await Ask(cache);
        Assert.False(read.Found);
        return Assert.NotNull(read.Lease);
    }
}
