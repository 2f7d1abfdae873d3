namespace Memoize.Observability;

/// <summary>What became of a load, in the words of metrics, traces and logs. Few, and never more: they are labels.</summary>
internal static class LoadResult
{
    /// <summary>The value is remembered.</summary>
    internal const string Stored = "stored";

    /// <summary>The load has thrown.</summary>
    internal const string Failed = "failed";

    /// <summary>The value is not remembered, for one of the reasons below.</summary>
    internal const string NotStored = "not_stored";

    // The reasons, in the order of the members of CacheStatistics.
    internal const string Evicted = "evicted";
    internal const string Cancelled = "cancelled";
    internal const string Disabled = "disabled";
    internal const string Unkeepable = "failed_to_store";
    internal const string ByRule = "rule";
    internal const string Null = "null";
    internal const string TooHeavy = "too_heavy";
    internal const string TimedOut = "timed_out";
    internal const string Absent = "absent";

    /// <summary>The load, in the background, could not even begin.</summary>
    internal const string Skipped = "skipped";

    /// <summary>The result without the reason.</summary>
    internal static string Of(string resultOrReason)
        => resultOrReason is Stored or Failed ? resultOrReason : NotStored;
}
