using System.Text;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

public sealed class BatchTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Each_key_that_has_a_value_is_reported_once(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        for (var i = 0; i < 1000; i += 3)
            await cache.Put($"{i}", $"value {i}");
        await cache.SetAsync("3", Bytes("value 3"), new() { SlidingExpiration = Minute });

        var found = new Dictionary<int, string>();
        await cache.GetManyAsync([.. Enumerable.Range(0, 1000).Select(static i => $"{i}")], (i, bytes) => found.Add(i, Encoding.UTF8.GetString(bytes)));

        Assert.Equal(Enumerable.Range(0, 1000).Where(static i => i % 3 == 0), found.Keys.Order());
        Assert.All(found, static pair => Assert.Equal($"value {pair.Key}", pair.Value));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_key_twice_none_and_a_cancelled_wait(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await cache.Put("a", "1");
        var found = new List<int>();
        await cache.GetManyAsync(["a", "b", "a"], (i, _) => found.Add(i));
        Assert.Equal([0, 2], found);
        await cache.GetManyAsync([], (_, _) => Assert.Fail("There is no key."));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await cache.GetManyAsync(["a"], (_, _) => Assert.Fail("It was cancelled."), new(canceled: true)));
    }
}
