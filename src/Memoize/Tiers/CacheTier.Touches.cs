namespace Memoize.Tiers;

// What lives on because it is used where the store does not see it.
public sealed partial class CacheTier
{
    /// <summary>Begins the sliding lifetime of a value anew, in the background. What is not there does not come back.</summary>
    internal async Task TouchAsync(string key)
    {
        if (breaker.IsOpen || Owes(key))
        {
            Interlocked.Increment(ref counters.NotTouched);
            return;
        }

        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(Options.WriteTimeout));
        try
        {
            await Store.RefreshAsync(key, tooLong.Token).WaitAsync(tooLong.Token).ConfigureAwait(false);
            Interlocked.Increment(ref counters.Touches);
            if (tooLong.IsCancellationRequested)
                Fail(Late());
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref counters.NotTouched);
            Fail(e);
        }
    }
}
