namespace Memoize.Tests.Flights;

public class SingleFlightTests
{
    [Fact]
    public void A_second_call_is_a_hit()
    {
        var cache = TestCache.Of();
        var loads = 0;

        Assert.Equal("1", cache.Get(1, _ => $"{++loads}"));
        Assert.Equal("1", cache.Get(1, _ => $"{++loads}"));
        Assert.Equal(1, loads);
    }
}
