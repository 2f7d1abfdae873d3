using Memoize.Sqlite.Engine;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests;

/// <summary>Where entries lie: in the order of their use, and what is known of a block of them.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly TestFile _file = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _file.Dispose();

    /// <summary>The entries that expire at all.</summary>
    internal static long OnShelves(Connection connection) => connection.Scalar($"SELECT count(*) FROM entries WHERE shelf < {Deadline.Never}");

    /// <summary>The entries that would not be found when they have expired.</summary>
    internal static long Unknown(Connection connection)
        => connection.Scalar($"SELECT count(*) FROM entries WHERE shelf < {Deadline.Never} AND NOT EXISTS (SELECT 1 FROM shelves WHERE shelves.shelf = entries.shelf AND block = place >> {Shelves.BlockBits})");

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_new_key_writes_three_pages_and_one_that_is_there_writes_one(int lifetimes)
    {
        using var cache = _file.Open(_clock);
        var value = new byte[1024];
        DistributedCacheEntryOptions Lifetime(int i) => new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1 << (i % lifetimes)) };
        double Pages(Action<int> action)
        {
            var log = new FileInfo(_file.Path + "-wal");
            var before = log.Length;
            for (var i = 0; i < 100; i++)
                action(i);
            log.Refresh();
            // Until it is written back for the first time, the log only grows: by a header of 24 bytes and a page.
            return (log.Length - before) / (24.0 + 4096) / 100;
        }

        cache.Set("first", value, Lifetime(0));
        Assert.InRange(Pages(i => cache.Set("k" + i, value, Lifetime(i))), 2, 3);
        // What is written as it was, SQLite does not write.
        value[7] = 1;
        Assert.InRange(Pages(i => cache.Set("k" + i, value, Lifetime(i))), 1, 1.01);
    }

    [Fact]
    public void What_was_not_used_for_longest_goes_first_whatever_its_lifetime_is()
    {
        using var cache = _file.Open(_clock, maxBytes: 8 << 20);
        TimeSpan[] lifetimes = [TimeSpan.FromMinutes(50), TimeSpan.FromDays(3), TimeSpan.FromDays(1000), TimeSpan.FromHours(7)];
        for (var i = 0; i < 200; i++)
        {
            cache.Set("k" + i, new byte[100_000], new() { AbsoluteExpirationRelativeToNow = lifetimes[i % 4] });
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.True(SpinWait.SpinUntil(() => cache.GetStatistics().Bytes <= 8 << 20, 60_000));
        var left = Enumerable.Range(0, 200).Where(i => cache.Get("k" + i) is not null).ToArray();
        Assert.Equal(Enumerable.Range(200 - left.Length, left.Length), left);
        Assert.InRange(left.Length, 50, 100);
        Assert.Equal(0, cache.GetStatistics().Expirations);
    }

    [Fact]
    public async Task Whoever_writes_and_removes_what_everything_that_expires_is_known_to()
    {
        const long bound = 1 << 20;
        SqliteCache[] caches = [_file.Open(_clock, bound), _file.Open(_clock, bound)];
        var random = new Random(4);
        for (var i = 0; i < 6_000; i++)
        {
            var cache = caches[random.Next(10) == 0 ? 1 : 0];
            var key = "k" + random.Next(500);
            var span = TimeSpan.FromSeconds(1 << random.Next(16));
            switch (random.Next(10))
            {
                case < 5:
                    cache.Set(key, new byte[random.Next(4_000)], new() { AbsoluteExpirationRelativeToNow = span });
                    break;
                case 5:
                    cache.Set(key, new byte[random.Next(4_000)], new() { SlidingExpiration = span });
                    break;
                case 6:
                    cache.Remove(key);
                    break;
                case 7:
                    _clock.Advance(TimeSpan.FromMilliseconds(random.Next(3_000)));
                    break;
                case 8 when random.Next(100) == 0:
                    cache.Clear();
                    break;
                default:
                    cache.Get(key);
                    break;
            }
        }
        using (var connection = Connection.Open(_file.Path, readOnly: true, 1_000))
        {
            Assert.InRange(OnShelves(connection), 50, 500);
            Assert.Equal(0, Unknown(connection));
        }
        Assert.Empty(await caches[0].CheckIntegrityAsync());
        Assert.All(caches, cache => Assert.Empty(cache.GetStatistics().Failures));

        // The sliding ones may have moved on by another half of their time.
        _clock.Advance(TimeSpan.FromSeconds(1 << 18));
        Assert.True(SpinWait.SpinUntil(() =>
        {
            caches[0].Set("last", new byte[50_000], TestFile.Forever);
            using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
            return connection.Scalar("SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM shelves)") == 1;
        }, 60_000));
        Array.ForEach(caches, static cache => cache.Dispose());
    }

    [Fact]
    public void What_one_process_clears_another_does_not_take_for_known()
    {
        using var cache = _file.Open(_clock);
        using var other = _file.Open(_clock);
        cache.Set("a", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        other.Clear();
        cache.Set("b", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        Assert.Equal((1, 0), (OnShelves(connection), Unknown(connection)));
    }

    [Fact]
    public void What_has_expired_when_it_is_stored_is_found_too()
    {
        using var cache = _file.Open(_clock);
        var expires = _clock.GetUtcNow().AddSeconds(60);
        var shelf = Deadline.Shelf(expires.ToUnixTimeMilliseconds(), _clock.GetUtcNow().ToUnixTimeMilliseconds());
        cache.Set("a", [1], new() { AbsoluteExpiration = expires });
        cache.Set("kept", [1], TestFile.Forever);
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.True(SpinWait.SpinUntil(() =>
        {
            cache.Set("kept", new byte[3_000], TestFile.Forever);
            return cache.GetStatistics().Entries == 1;
        }, 60_000));
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        Assert.Equal(0, connection.Scalar("SELECT count(*) FROM shelves"));
        cache.Set("late", [1], new() { AbsoluteExpiration = DateTimeOffset.FromUnixTimeMilliseconds(shelf) });
        Assert.Equal((1, 0), (OnShelves(connection), Unknown(connection)));
    }

    [Fact]
    public void Of_blocks_that_are_evicted_nothing_is_kept()
    {
        using (var cache = _file.Open(_clock, maxBytes: 1 << 20))
        {
            for (var i = 0; i < 3_000; i++)
                cache.Set("k" + i, new byte[2_000], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(300) });
            Assert.True(SpinWait.SpinUntil(() => cache.GetStatistics().Evictions > 2_000, 60_000));
        }
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        var blocks = connection.Scalar($"SELECT max(place) / {1 << Shelves.BlockBits} - min(place) / {1 << Shelves.BlockBits} + 1 FROM entries");
        Assert.Equal(blocks, connection.Scalar("SELECT count(*) FROM shelves"));
        Assert.InRange(blocks, 4, 12);
    }
}
