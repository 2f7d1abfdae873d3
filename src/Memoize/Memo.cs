namespace Memoize;

/// <summary>The process-wide entry to all caches.</summary>
public static class Memo
{
    /// <summary>All cached methods.</summary>
    public static IReadOnlyList<object> Caches => [];
}
