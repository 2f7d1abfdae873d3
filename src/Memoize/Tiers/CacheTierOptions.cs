using System.Text.Json;

namespace Memoize.Tiers;

/// <summary>How Memoize treats one tier.</summary>
public sealed class CacheTierOptions
{
    /// <summary>
    /// How long, in seconds, it may cost a call that the tier does not answer, then it goes on without; 0.05 (50 ms) by default. More than 0.
    /// A fifth of it, 8 ms at most, is left for waking up.
    /// </summary>
    public double Timeout { get; init; } = 0.05;

    /// <summary>
    /// How long, in seconds, values are written to the tier, or touched in it, in the background before that counts as a failure; 10 by default.
    /// </summary>
    public double WriteTimeout { get; init; } = 10;

    /// <summary>
    /// After a failure nobody waits for the tier for so long, in seconds; then it is tried again, in the background, and from failure
    /// to failure the pause doubles, up to 4 seconds. 0.5 by default.
    /// </summary>
    public double RetryAfter { get; init; } = 0.5;

    /// <summary>
    /// How long, in seconds, the others wait for a process that is loading a value and is not heard of any more, where the store has leases;
    /// then one of the others may try, and the rest wait for that one. A process that is at work says so: it renews its lease each third of
    /// this time. 10 by default.
    /// </summary>
    public double LeaseDuration { get; init; } = 10;

    /// <summary>
    /// How long, in seconds, a process goes on renewing the lease of a load that does not end, and the others wait for it; then it counts as
    /// hung, and after another <see cref="LeaseDuration"/> somebody else may try. A load that takes longer is not stored. 300 by default.
    /// </summary>
    public double LongestLoad { get; init; } = 300;

    /// <summary>Values of so many bytes and more are compressed, and kept compressed if that makes them smaller; 4,096 by default.</summary>
    public int CompressAbove { get; init; } = 4096;

    /// <summary>
    /// What every key in the tier begins with, so that applications can share a store. Null, the default, for <c>memoize:</c>, and for nothing
    /// where the store has a prefix of its own (<see cref="IPrefixedCache"/>), so that keys have one and not two.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>The most characters of a key in the tier; a longer one is replaced by its hash, and compared in full when it is read. 200 by default.</summary>
    public int LongestKey { get; init; } = 200;

    /// <summary>
    /// How results become JSON, for types without a serializer of their own (see <see cref="CacheTier.Use{T}"/>). Give the options of
    /// a <c>JsonSerializerContext</c> in a program that is trimmed or compiled ahead of time. Null, the default, for reflection.
    /// </summary>
    public JsonSerializerOptions? Json { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a call waits: when its timer is due, it does not go on at once.</summary>
    internal TimeSpan Budget => TimeSpan.FromSeconds(Timeout) - TimeSpan.FromSeconds(Math.Min(0.008, Timeout / 5));

    internal void Validate()
    {
        Positive(Timeout, nameof(Timeout));
        Positive(WriteTimeout, nameof(WriteTimeout));
        Positive(RetryAfter, nameof(RetryAfter));
        Positive(LeaseDuration, nameof(LeaseDuration));
        Positive(LongestLoad, nameof(LongestLoad));
        ArgumentOutOfRangeException.ThrowIfNegative(CompressAbove);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestKey, 64);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void Positive(double seconds, string name)
    {
        if (!(seconds > 0) || seconds > 86400)
            throw new ArgumentOutOfRangeException(name, seconds, $"{name} is a number of seconds, more than 0 and a day at most.");
    }
}
