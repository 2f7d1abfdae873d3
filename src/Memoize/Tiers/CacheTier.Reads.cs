using System.Buffers;
using System.Runtime.CompilerServices;

namespace Memoize.Tiers;

// One value, and what vouches for it.
public sealed partial class CacheTier
{
    /// <summary>Reads a value together with its stamps, and asks for the lease where there are leases and no value.</summary>
    /// <remarks>
    /// What is there usually is there altogether, so a store that reads many in one go is asked for all of it at once, and a hit waits for one
    /// answer. In which order it reads them does not matter: an eviction that was over when the load began shows in both, and one that comes in
    /// between takes the load from its key, in the process of the eviction at once and elsewhere when the bus tells, so that nobody keeps what
    /// it brings.
    /// </remarks>
    /// <returns>Unavailable without stamps, and anything else with them.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<(TierRead Read, byte[]? Stamps)> ReadAsync(string key, string[] stampKeys, TierCaller caller)
    {
        if (!breaker.IsOpen && IsTurnedAway(caller))
            return default;

        byte[]? stamps = null;
        var isMissed = false;
        if (batchReads is not null && !breaker.IsOpen && !Owes(key) && !OwesAny(stampKeys))
        {
            var together = new Together(stampKeys.Length);
            string[] keys = [key, .. stampKeys];
            var isHeldUp = false;
            Task? asked = null;
            try
            {
                var began = Options.TimeProvider.GetTimestamp();
                var asking = batchReads.GetManyAsync(keys, together.Found, caller.Token);
                isHeldUp = IsHeldUp(began);
                Note(asking.IsCompleted);
                if (!asking.IsCompletedSuccessfully)
                {
                    asked = asking.AsTask();
                    if (!asked.IsCompleted && (isHeldUp || !await EndsAsync(asked, caller).ConfigureAwait(false)))
                        throw Late();
                    await asked.ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                if (asked is not null)
                    Observe(asked);
                if (IsOfCaller(e, caller.Token))
                    throw;
                Fail(e);
                return default;
            }

            // What it has brought is right, but it is asked nothing more.
            if (isHeldUp)
                Fail(Late());
            if (together is { HasStamps: true, Value: { } value })
                return (TierRead.Of(value), together.Stamps);
            if (isHeldUp)
                return default;
            stamps = together.HasStamps ? together.Stamps : null;
            isMissed = together.Value is null;
        }

        var read = await ReadAsync(key, caller, isMissed).ConfigureAwait(false);
        if (read.Answer == TierAnswer.Unavailable)
            return default;

        try
        {
            stamps ??= await StampsAsync(stampKeys, caller).ConfigureAwait(false);
        }
        finally
        {
            // Where there are none to be had, nothing will be stored, and nobody is to wait for it.
            if (stamps is null && read.Lease is { } held)
                ReleaseLater(key, held);
        }

        return stamps is null ? default : (read, stamps);
    }

    private bool OwesAny(string[] keys) => !owed.IsEmpty && Array.Exists(keys, Owes);

    // A store that has been given up may go on calling: into something that nobody looks at any more.
    private sealed class Together(int stamps)
    {
        private int missing = stamps;

        internal byte[]? Value { get; private set; }

        internal byte[] Stamps { get; } = new byte[stamps * StampLength];

        internal bool HasStamps => missing == 0;

        internal void Found(int index, ReadOnlySequence<byte> bytes)
        {
            if (index == 0)
            {
                Value = bytes.ToArray();
            }
            else if (bytes.Length == StampLength)
            {
                bytes.CopyTo(Stamps.AsSpan((index - 1) * StampLength));
                missing--;
            }
        }
    }
}
