namespace Memoize.Dashboard;

/// <summary>What the dashboard shows, and to whom. Set before the first request; reading is safe for use by many threads.</summary>
public sealed class MemoizeDashboardOptions
{
    /// <summary>
    /// Whether the dashboard is there outside Development although no authorization is required for it; <see langword="false"/> by
    /// default. For apps that nobody can reach who may not see it.
    /// </summary>
    public bool AllowWithoutAuthorization { get; set; }

    /// <summary>Whether nothing can be evicted or cleared; <see langword="false"/> by default.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// Makes the text by which a remembered value is shown; null (the default): values are never shown. A text longer than 2,000
    /// characters is cut. If it throws, the type of the exception is shown.
    /// </summary>
    public Func<object?, string?>? ShowValue { get; set; }
}
