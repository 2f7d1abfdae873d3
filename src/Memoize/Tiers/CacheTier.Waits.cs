namespace Memoize.Tiers;

// How an answer is waited for, by whoever asks.
public sealed partial class CacheTier
{
    // Whether the store answered later than it was asked, the last time: then who cannot wait need not ask.
    private volatile bool isAwaited;

    /// <summary>Whether the caller cannot wait for what he is about to ask. What he does not read is counted.</summary>
    private bool IsTurnedAway(TierCaller caller, int reads = 1)
    {
        if (caller.Blocked is not { } blocked || !isAwaited || blocked.MayWait())
            return false;
        Interlocked.Add(ref counters.NotAwaited, reads);
        return true;
    }

    private async ValueTask<T> Within<T>(ValueTask<T> operation, long asked, TierCaller caller)
    {
        var isHeldUp = IsHeldUp(asked);
        Note(operation.IsCompleted);
        if (!operation.IsCompleted)
        {
            var task = operation.AsTask();
            await EndedWithin(task, isHeldUp, caller).ConfigureAwait(false);
            return await task.ConfigureAwait(false);
        }

        var answer = await operation.ConfigureAwait(false);
        return isHeldUp ? throw Late() : answer;
    }

    /// <param name="operation">What the store has begun.</param>
    /// <param name="asked">When, by the clock of the options.</param>
    /// <param name="caller">Who waits for it.</param>
    private async Task Within(Task operation, long asked, TierCaller caller)
    {
        var isHeldUp = IsHeldUp(asked);
        if (!operation.IsCompleted)
            await EndedWithin(operation, isHeldUp, caller).ConfigureAwait(false);
        await operation.ConfigureAwait(false);
        if (isHeldUp)
            throw Late();
    }

    private async ValueTask EndedWithin(Task operation, bool isHeldUp, TierCaller caller)
    {
        var hasEnded = false;
        try
        {
            hasEnded = !isHeldUp && await EndsAsync(operation, caller).ConfigureAwait(false);
        }
        finally
        {
            if (!hasEnded)
                Observe(operation);
        }

        if (!hasEnded)
            throw Late();
    }

    private ValueTask<bool> EndsAsync(Task operation, TierCaller caller)
        => caller.Blocked is { } blocked ? new(room.Wait(operation, blocked, caller.Token)) : room.WaitAsync(operation, caller.Token);

    // Whoever has gone on without the answer may have been given a lease by it, for which all others would wait until its end.
    private async ValueTask<LeasedRead> LeasedWithin(ValueTask<LeasedRead> operation, string key, long asked, TierCaller caller)
    {
        var isHeldUp = IsHeldUp(asked);
        Note(operation.IsCompleted);
        if (operation.IsCompleted && !isHeldUp)
            return await operation.ConfigureAwait(false);

        var task = operation.AsTask();
        try
        {
            await EndedWithin(task, isHeldUp, caller).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _ = GiveBackAsync();
            throw;
        }

        return await task.ConfigureAwait(false);

        async Task GiveBackAsync()
        {
            try
            {
                if ((await task.ConfigureAwait(false)).Lease is { } lease)
                    ReleaseLater(key, lease);
            }
            catch (Exception)
            {
                // No answer, no lease.
            }
        }
    }

    /// <summary>Gives a lease back behind the caller's back: a store may work on the thread that asks it.</summary>
    internal void ReleaseLater(string key, CacheLease lease)
        => ThreadPool.UnsafeQueueUserWorkItem(static held => _ = held.Tier.ReleaseAsync(held.Key, held.Lease), (Tier: this, Key: key, Lease: lease), preferLocal: false);

    // A store that works on the thread that asks it cannot be left, but it will not be asked again.
    private bool IsHeldUp(long asked) => Options.TimeProvider.GetElapsedTime(asked).TotalSeconds > Options.Timeout;

    private void Note(bool hasAnswered)
    {
        if (isAwaited == hasAnswered)
            isAwaited = !hasAnswered;
    }

    /// <summary>How long a change in several tiers may cost its caller.</summary>
    internal static TimeSpan PatienceWith(CacheTier[] tiers) => TimeSpan.FromSeconds(tiers.Sum(static tier => tier.Options.Timeout));

    private TimeoutException Late() => new($"The tier '{Name}' has not answered in time, or has failed meanwhile.");
}
