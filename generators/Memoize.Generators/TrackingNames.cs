namespace Memoize.Generators;

/// <summary>The steps of the pipeline, as the incrementality tests see them.</summary>
internal static class TrackingNames
{
    /// <summary>One model per cached method.</summary>
    public const string Methods = nameof(Methods);

    /// <summary>One model per batch method.</summary>
    public const string Batches = nameof(Batches);

    /// <summary>One model per method that evicts or updates.</summary>
    public const string Evictions = nameof(Evictions);

    /// <summary>One model per type with cached methods.</summary>
    public const string Handles = nameof(Handles);

    /// <summary>One model per interface with cached methods.</summary>
    public const string Decorators = nameof(Decorators);

    /// <summary>One model per interface that only inherits from interfaces that are not ours.</summary>
    public const string Heirs = nameof(Heirs);

    /// <summary>One model per decorator that an attribute asks for.</summary>
    public const string AskedDecorators = nameof(AskedDecorators);

    /// <summary>One model per user file with calls to cached methods.</summary>
    public const string CallSiteFiles = nameof(CallSiteFiles);

    /// <summary>What is to be known of all cached methods before they are called.</summary>
    public const string Catalog = nameof(Catalog);

    /// <summary>The list of everything that is cached; null unless the project asks for it.</summary>
    public const string Report = nameof(Report);
}
