using System.Diagnostics;
using Memoize.Memcached.Connections;

namespace Memoize.Memcached.Tests;

/// <summary>How long the way to a server is: the shortest of 64 trips says it, and holds for the next 64.</summary>
public sealed class WayTests
{
    private const int Window = 64;
    private static readonly long s_short = Stopwatch.Frequency / 5000;

    [Fact]
    public void Before_it_is_known_it_is_not_short()
    {
        var way = new Way();
        Assert.False(way.IsShort);
        Add(ref way, Window - 1, 1);
        Assert.False(way.IsShort);
        way.Add(1);
        Assert.True(way.IsShort);
    }

    [Theory, InlineData(0, true), InlineData(1, false)]
    public void A_fifth_of_a_millisecond_is_short_and_what_is_longer_is_not(int more, bool isShort)
    {
        var way = new Way();
        Add(ref way, Window, s_short + more);
        Assert.Equal(isShort, way.IsShort);
    }

    // The others waited for a processor as well.
    [Theory, InlineData(0), InlineData(31), InlineData(63)]
    public void One_short_trip_among_many_long_ones_says_it(int before)
    {
        var way = new Way();
        Add(ref way, before, long.MaxValue);
        way.Add(s_short);
        Add(ref way, Window - 1 - before, long.MaxValue);
        Assert.True(way.IsShort);
    }

    [Fact]
    public void What_is_known_holds_until_as_much_is_known_anew()
    {
        var way = new Way();
        Add(ref way, Window, 1);
        Add(ref way, Window - 1, s_short + 1);
        Assert.True(way.IsShort);
        way.Add(s_short + 1);
        Assert.False(way.IsShort);
        Add(ref way, Window, 1);
        Assert.True(way.IsShort);
    }

    private static void Add(ref Way way, int trips, long elapsed)
    {
        for (var i = 0; i < trips; i++)
            way.Add(elapsed);
    }
}
