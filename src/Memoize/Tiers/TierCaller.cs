namespace Memoize.Tiers;

/// <summary>Who asks a tier: he awaits its answer, or waits for it on his thread, as the caller of a synchronous method does.</summary>
/// <param name="Blocked">The wait on his thread; null for one who awaits.</param>
/// <param name="Token">Cancels his wait.</param>
internal readonly record struct TierCaller(BlockedCaller? Blocked, CancellationToken Token)
{
    public static implicit operator TierCaller(CancellationToken token) => new(null, token);

    /// <summary>Whether he may let time pass until somebody else has done something.</summary>
    internal bool MayPause() => Blocked is null || Blocked.MayPause();

    /// <summary>Lets time pass. Over when it returns, for one who waits on his thread.</summary>
    internal Task PauseAsync(TimeSpan time)
    {
        if (Blocked is null)
            return Task.Delay(time, Token);
        BlockedCaller.Pause(time, Token);
        return Task.CompletedTask;
    }
}
