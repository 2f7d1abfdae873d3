using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>For how long somebody else is waited for. A lease is 10 seconds, the longest load 80, and a store may be 2 seconds late.</summary>
public sealed class LeaseWaitTests
{
    private readonly FakeTimeProvider clock = new();

    [Theory]
    [InlineData(7L, 92)]        // he renews it, as long as the longest load
    [InlineData(null, 12)]      // nobody knows whether it is still the same one
    public void One_holder_is_waited_for_so_long(long? holder, double seconds)
    {
        var wait = Begin();
        Assert.True(wait.GoesOn(holder));
        Pass(seconds);
        Assert.True(wait.GoesOn(holder));
        Pass(0.001);
        Assert.False(wait.GoesOn(holder));
    }

    [Fact]
    public void The_next_holder_gets_the_same_time()
    {
        var wait = Begin();
        wait.GoesOn(1);
        Pass(90);
        Assert.True(wait.GoesOn(2));
        Pass(92);
        Assert.True(wait.GoesOn(2));
        Pass(0.001);
        Assert.False(wait.GoesOn(2));
    }

    [Fact]
    public void Within_two_leases_it_may_change_hands_as_often_as_it_likes()
    {
        var wait = Begin();
        for (var holder = 1; holder <= 20; holder++)
        {
            Assert.True(wait.GoesOn(holder));
            Pass(1);
        }
        Assert.True(wait.GoesOn(21));
        Pass(0.001);
        Assert.False(wait.GoesOn(22));
    }

    [Fact]
    public void After_two_leases_the_first_change_is_waited_for_and_no_other()
    {
        var wait = Begin();
        wait.GoesOn(1);
        Pass(50);
        Assert.True(wait.GoesOn(2));
        Pass(1);
        Assert.True(wait.GoesOn(2));
        Assert.False(wait.GoesOn(3));
    }

    // A store that says it now and then does not start the time anew by being silent about it.
    [Fact]
    public void Who_is_not_said_is_who_was_said_last()
    {
        var wait = Begin();
        Assert.True(wait.GoesOn(1));
        Pass(60);
        Assert.True(wait.GoesOn(null));
        Pass(32);
        Assert.True(wait.GoesOn(null));
        Assert.True(wait.GoesOn(1));
        Pass(0.001);
        Assert.False(wait.GoesOn(null));
    }

    // Until now he might have been anybody: it is no change, and his time began with the wait.
    [Fact]
    public void Who_is_said_at_last_is_waited_for_from_the_beginning()
    {
        var wait = Begin();
        Assert.True(wait.GoesOn(null));
        Pass(11);
        Assert.True(wait.GoesOn(1));
        Pass(81);
        Assert.True(wait.GoesOn(1));
        Pass(0.001);
        Assert.False(wait.GoesOn(1));
    }

    private LeaseWait Begin() => new(new() { LeaseDuration = 10, LongestLoad = 80, TimeProvider = clock });

    private void Pass(double seconds) => clock.Advance(TimeSpan.FromSeconds(seconds));
}
