using System.Diagnostics;

namespace Memoize.Observability;

/// <summary>
/// The activity source <c>Memoize</c>: one activity for each load, none for a hit, and none while nobody listens. Must be begun inside
/// the load's own context, so that it is the parent of what the load does, and nobody else's.
/// </summary>
internal static class LoadActivity
{
    private const string OperationName = "memoize.load";

    // A listener that calls a cached method while it is told of the source must not be told of another one, on whatever thread.
    private static readonly AsyncLocal<bool> IsBeingMade = new();

    private static ActivitySource? source;

    /// <summary>
    /// Publishes the source; when this returns, all listeners know it that were there before. Listeners are called, so no lock may be held.
    /// </summary>
    /// <remarks>
    /// Threads that come here at once do not wait for each other, because nobody knows what a listener waits for. Each makes a source, which is
    /// ready when its constructor has called all listeners; the first that is ready stays, and the others are disposed before anybody uses them.
    /// </remarks>
    internal static void Start()
    {
        if (Volatile.Read(ref source) is not null || IsBeingMade.Value)
            return;

        IsBeingMade.Value = true;
        try
        {
            var made = new ActivitySource(MemoMeter.Name, MemoMeter.Version);
            if (Interlocked.CompareExchange(ref source, made, null) is not null)
                made.Dispose();
        }
        catch (Exception)
        {
            // A listener throws. The next method tries again.
        }
        finally
        {
            IsBeingMade.Value = false;
        }
    }

    /// <summary>A load begins: a part of what the current activity does.</summary>
    internal static Activity? Begin(CachedMethod method) => Begin(method, batch: null, keys: 0, inBackground: false);

    /// <summary>
    /// The same for a load that nobody waits for: it is no part of what the current activity does, which may end long before, and has
    /// a link to it.
    /// </summary>
    internal static Activity? BeginInBackground(CachedMethod method) => Begin(method, batch: null, keys: 0, inBackground: true);

    /// <summary>The same for the load of a batch.</summary>
    internal static Activity? BeginBatch(CachedMethod method, string batch, int keys, bool inBackground) => Begin(method, batch, keys, inBackground);

    /// <summary>A load has ended, wherever that is: who is current there stays so. No lock may be held.</summary>
    internal static void End(Activity? activity, string resultOrReason, int waiters, Exception? failure, string? tier = null)
    {
        if (activity is null)
            return;

        try
        {
            var result = LoadResult.Of(resultOrReason);
            activity.SetTag(MemoMeter.ResultTag, result);
            if (result == LoadResult.NotStored)
                activity.SetTag(MemoMeter.ReasonTag, resultOrReason);
            activity.SetTag("memoize.load.waiters", waiters);
            if (tier is not null)
                activity.SetTag(TierMeter.TierTag, tier);
            if (failure is not null && resultOrReason != LoadResult.Cancelled)
            {
                activity.SetTag("error.type", failure.GetType().FullName);
                activity.SetStatus(ActivityStatusCode.Error, failure.Message);
            }
            else if (resultOrReason == LoadResult.TimedOut)
            {
                activity.SetTag("error.type", typeof(TimeoutException).FullName);
                activity.SetStatus(ActivityStatusCode.Error);
            }

            var current = Activity.Current;
            activity.Stop();
            if (current != activity)
                Activity.Current = current;
        }
        catch (Exception)
        {
            // A listener throws. Those who wait for the load must get their value all the same.
        }
    }

    private static Activity? Begin(CachedMethod method, string? batch, int keys, bool inBackground)
    {
        if (Volatile.Read(ref source) is not { } listened || !listened.HasListeners())
            return null;

        var caller = Activity.Current;
        try
        {
            var tags = new TagList { { MemoMeter.MethodTag, method.Name } };
            if (batch is not null)
            {
                tags.Add("memoize.batch.method", batch);
                tags.Add("memoize.batch.keys", keys);
            }

            if (inBackground)
                Activity.Current = null;
            var activity = listened.StartActivity(
                ActivityKind.Internal,
                tags: tags,
                links: inBackground && caller is not null ? [new ActivityLink(caller.Context)] : null,
                name: OperationName);
            if (activity is null)
                Activity.Current = caller;
            else
                activity.DisplayName = $"load {batch ?? method.Name}";
            return activity;
        }
        catch (Exception)
        {
            // A listener throws.
            Activity.Current = caller;
            return null;
        }
    }
}
