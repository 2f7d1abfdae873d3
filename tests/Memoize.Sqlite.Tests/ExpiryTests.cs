using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests;

public sealed class ExpiryTests : IDisposable
{
    private readonly TestFile _file = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SqliteCache _cache;

    public ExpiryTests() => _cache = _file.Open(_clock);

    public void Dispose()
    {
        _cache.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void An_absolute_lifetime_ends_to_the_millisecond()
    {
        _cache.Set("relative", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10) });
        _cache.Set("moment", [1], new() { AbsoluteExpiration = _clock.GetUtcNow().AddSeconds(10) });
        _clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.NotNull(_cache.Get("relative"));
        Assert.NotNull(_cache.Get("moment"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_cache.Get("relative"));
        Assert.Null(_cache.Get("moment"));
    }

    [Fact]
    public void A_sliding_lifetime_moves_with_each_use_up_to_the_absolute_one()
    {
        _cache.Set("a", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(10), AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(60) });
        for (var i = 0; i < 11; i++)
        {
            Assert.NotNull(_cache.Get("a"));
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.NotNull(_cache.Get("a"));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(_cache.Get("a"));
    }

    [Fact]
    public async Task Refresh_moves_the_deadline_for_all_processes_and_leaves_the_value()
    {
        using var other = _file.Open(_clock);
        _cache.Set("a", new byte[1_000_000], new() { SlidingExpiration = TimeSpan.FromSeconds(10) });
        _cache.Set("b", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(8));
            if (i % 2 == 0)
                _cache.Refresh("a");
            else
                await other.RefreshAsync("a");
        }
        Assert.Equal(1_000_000, other.Get("a")!.Length);
        Assert.Null(other.Get("b"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_cache.Get("a"));
        _cache.Refresh("a");
        Assert.Null(_cache.Get("a"));
    }

    [Fact]
    public void A_new_value_has_a_lifetime_of_its_own()
    {
        _cache.Set("a", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(100) });
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.NotNull(_cache.Get("a"));
        _cache.Set("a", [2], new() { SlidingExpiration = TimeSpan.FromSeconds(10) });
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_cache.Get("a"));
        _cache.Set("a", [3], TestFile.Forever);
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.Equal([3], _cache.Get("a"));
    }

    [Fact]
    public void What_has_expired_leaves_the_file_before_anything_is_evicted()
    {
        _cache.Set("kept", [1], TestFile.Forever);
        for (var i = 0; i < 200; i++)
            _cache.Set("k" + i, new byte[10_000], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10) });
        // The file knows their deadlines to within an eighth of their lifetime.
        _clock.Advance(TimeSpan.FromSeconds(11.25));
        // Enough writes that it is time to look.
        Assert.True(SpinWait.SpinUntil(() =>
        {
            _cache.Set("large", new byte[300_000], TestFile.Forever);
            return _cache.GetStatistics().Entries == 2;
        }, 60_000));
        Assert.Equal(200, _cache.GetStatistics().Expirations);
        Assert.Equal(0, _cache.GetStatistics().Evictions);
        Assert.NotNull(_cache.Get("kept"));
    }

    [Fact]
    public void Extreme_lifetimes_are_no_overflow()
    {
        _cache.Set("a", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue });
        _cache.Set("b", [1], new() { SlidingExpiration = TimeSpan.MaxValue });
        _cache.Set("c", [1], new() { AbsoluteExpiration = DateTimeOffset.MaxValue, SlidingExpiration = TimeSpan.MaxValue });
        _cache.Set("d", [1], new() { AbsoluteExpiration = DateTimeOffset.MinValue });
        Assert.NotNull(_cache.Get("a"));
        Assert.NotNull(_cache.Get("b"));
        Assert.NotNull(_cache.Get("c"));
        Assert.Null(_cache.Get("d"));
    }
}
