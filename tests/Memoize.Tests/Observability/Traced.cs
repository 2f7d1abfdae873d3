using System.Collections.Concurrent;
using System.Diagnostics;

namespace Memoize.Tests.Observability;

/// <summary>Listens to the activities of one method's loads, and lets a test be an activity itself.</summary>
internal sealed class Traced : IDisposable
{
    private readonly ActivitySource tests = new("Memoize.Tests");
    private readonly ActivityListener listener;

    public Traced(CachedMethod method)
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == "Memoize" || source == tests,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (method.Name.Equals(activity.GetTagItem("memoize.method")))
                    Loads.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>The loads that have ended.</summary>
    public BlockingCollection<Activity> Loads { get; } = [];

    public Activity Caller() => tests.StartActivity("caller")!;

    public Activity Next() => Loads.TryTake(out var load, Concurrency.Patience) ? load : throw new TimeoutException("No load has ended.");

    public void Dispose()
    {
        listener.Dispose();
        tests.Dispose();
    }
}
