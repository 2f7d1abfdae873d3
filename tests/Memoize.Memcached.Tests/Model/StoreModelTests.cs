using System.Buffers;
using CsCheck;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Tests.Model;

/// <summary>Any sequence of operations by two processes on two servers, against a dictionary and a table of leases.</summary>
public sealed class StoreModelTests
{
    private static readonly DistributedCacheEntryOptions s_hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
    private static readonly string[] s_keys = ["a", "b c", new string('k', 300)];

    private enum What
    {
        Get,
        Set,
        Remove,
        Ask,
        Renew,
        Store,
        Release,
        Many,
    }

    [Fact]
    public async Task Operations_do_what_the_model_does()
    {
        using var first = MemcachedServer.Start();
        using var second = MemcachedServer.Start();
        MemcachedCache[] caches = [first.Connect(options => options.Servers.Add(second.Address)), first.Connect(options => options.Servers.Insert(0, second.Address))];
        var round = 0;
        await Gen.Select(Gen.Enum<What>(), Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 3000]).Array[1, 40]
            .SampleAsync(async operations =>
            {
                var prefix = Interlocked.Increment(ref round) + ":";
                var values = new Dictionary<string, byte[]>();
                var holders = new Dictionary<string, (int Cache, CacheLease Lease)>();
                var ended = new List<(int Cache, string Key, CacheLease Lease)>();
                foreach (var (what, keyIndex, isOther, size) in operations)
                {
                    var key = prefix + s_keys[keyIndex];
                    var number = isOther ? 1 : 0;
                    var cache = caches[number];
                    var bytes = Bytes(size);
                    switch (what)
                    {
                        case What.Get:
                            Assert.Equal(values.GetValueOrDefault(key), await cache.GetAsync(key));
                            break;
                        case What.Set:
                            await cache.SetAsync(key, bytes, s_hour);
                            values[key] = bytes;
                            End(key);
                            break;
                        case What.Remove:
                            await cache.RemoveAsync(key);
                            values.Remove(key);
                            End(key);
                            break;
                        case What.Ask:
                            var destination = new ArrayBufferWriter<byte>();
                            var read = await cache.GetOrLeaseAsync(key, destination, TimeSpan.FromMinutes(5));
                            Assert.Equal(values.ContainsKey(key), read.Found);
                            if (read.Found)
                                Assert.Equal(values[key], destination.WrittenSpan.ToArray());
                            else
                                Given(key, number, read.Lease);
                            break;
                        case What.Renew:
                            Given(key, number, (await cache.LeaseAsync(key, TimeSpan.FromMinutes(5))).Lease);
                            break;
                        case What.Store when holders.TryGetValue(key, out var holder):
                            Assert.True(await caches[holder.Cache].SetAsync(key, new(bytes), s_hour, holder.Lease));
                            values[key] = bytes;
                            End(key);
                            break;
                        case What.Release when holders.TryGetValue(key, out var holder):
                            await caches[holder.Cache].ReleaseAsync(key, holder.Lease);
                            End(key);
                            break;
                        case What.Many:
                            var found = new Dictionary<string, byte[]>();
                            string[] keys = [.. s_keys.Select(one => prefix + one)];
                            await cache.GetManyAsync(keys, (index, value) => found.Add(keys[index], value.ToArray()));
                            Assert.Equal(values.OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
                            break;
                    }
                }
                // Leases that were ended by anything are of no use to anybody.
                foreach (var (number, key, lease) in ended)
                {
                    Assert.False(await caches[number].SetAsync(key, new(Bytes(5)), s_hour, lease));
                    Assert.Equal(values.GetValueOrDefault(key), await caches[0].GetAsync(key));
                }

                void Given(string key, int number, CacheLease? lease)
                {
                    Assert.Equal(!holders.ContainsKey(key), lease is not null);
                    if (lease is { } given)
                        holders.Add(key, (number, given));
                }

                void End(string key)
                {
                    if (holders.Remove(key, out var holder))
                        ended.Add((holder.Cache, key, holder.Lease));
                }
            }, iter: 500, threads: 2);
        Assert.Empty(caches[0].Statistics.FailedReads);
        foreach (var cache in caches)
            cache.Dispose();
    }

    // Some compress and some do not; no two are equal by chance.
    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[seed];
        if (seed % 2 == 0)
            new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
