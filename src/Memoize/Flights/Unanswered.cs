using System.Runtime.ExceptionServices;

namespace Memoize.Flights;

/// <summary>
/// The load of a batch has ended without a word on a key. A caller who waits for one key takes this as leave to load it itself; no
/// caller ever sees it.
/// </summary>
internal sealed class UnansweredException() : Exception("The batch that was loading this key has not answered for it.");

/// <summary>The two ways in which a flight of a batch ends without a value and without a failure.</summary>
internal static class Unanswered<TValue>
{
    /// <summary>The load has run, and what it returned lacks the key.</summary>
    internal static readonly Outcome<TValue> Absent = new(default!, ExceptionDispatchInfo.Capture(new UnansweredException()));

    /// <summary>The load was never started.</summary>
    internal static readonly Outcome<TValue> NotStarted = new(default!, ExceptionDispatchInfo.Capture(new UnansweredException()));
}
