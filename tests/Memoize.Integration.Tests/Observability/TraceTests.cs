using System.Diagnostics;

namespace Memoize.Integration.Tests.Observability;

/// <summary>Activities, from generated code to a listener.</summary>
public sealed class TraceTests
{
    [Fact]
    public void A_load_is_an_activity_and_a_hit_is_none()
    {
        var loads = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Memoize",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => loads += TracedShopCache.Price.Name.Equals(activity.GetTagItem("memoize.method")) ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);

        // The first call of any cached method in the process publishes the source; another test may just be about to.
        var id = 1;
        Assert.True(SpinWait.SpinUntil(() => TracedShop.Price(++id) == "nine" && loads > 0, TimeSpan.FromSeconds(30)), "There is no activity.");
        loads = 0;
        Assert.Equal("nine", TracedShop.Price(1));
        Assert.Equal(1, loads);

        var allocated = long.MaxValue;
        for (var trial = 0; trial < 5 && allocated > 0; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                TracedShop.Price(1);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal((1, 0L), (loads, allocated));
    }
}

internal static class TracedShop
{
    [Cached(Ttl = 300)]
    public static string? Price(int id) => id > 0 ? "nine" : null;
}
