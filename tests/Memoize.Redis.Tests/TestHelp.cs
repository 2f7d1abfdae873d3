using System.Buffers;
using System.Text;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Redis.Tests;

internal static class TestHelp
{
    internal static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    internal static readonly DistributedCacheEntryOptions ForAMinute = new() { AbsoluteExpirationRelativeToNow = Minute };

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static async Task<string?> Text(this IDistributedCache cache, string key)
        => await cache.GetAsync(key) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    internal static Task Put(this IDistributedCache cache, string key, string value) => cache.SetAsync(key, Bytes(value), ForAMinute);

    internal static async Task<bool> Put(this ILeasingCache cache, string key, string value, CacheLease lease)
        => await cache.SetAsync(key, new ReadOnlySequence<byte>(Bytes(value)), ForAMinute, lease);

    internal static async Task<LeasedRead> Ask(this ILeasingCache cache, string key, TimeSpan? duration = null)
        => await cache.GetOrLeaseAsync(key, new ArrayBufferWriter<byte>(), duration ?? Minute);

    internal static async Task Until(Func<Task<bool>> condition, int seconds = 20)
    {
        var end = Environment.TickCount64 + seconds * 1000;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < end, "It did not happen in time.");
            await Task.Delay(10);
        }
    }
}
