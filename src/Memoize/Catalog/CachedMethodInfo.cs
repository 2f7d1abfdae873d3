using System.ComponentModel;

namespace Memoize.Catalog;

/// <summary>What is known of a cached method before anybody has called it; for generated code. Immutable.</summary>
/// <param name="name">The stable name.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CachedMethodInfo(string name)
{
    /// <summary>The stable name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is made for loads in the background: <c>StaleWhileRevalidate</c> or <c>RefreshAhead</c>.</summary>
    public bool LoadsInBackground { get; init; }

    /// <summary>The class on whose instances these loads run; null for a static method, for one of an interface, and where it cannot be named.</summary>
    public Type? LoadsOn { get; init; }

    /// <summary>Whether there is a bound by weight: <c>MaxBytes</c>.</summary>
    public bool Weighs { get; init; }

    /// <summary>The tiers that its attribute names, separated by commas; empty for none.</summary>
    public string Tiers { get; init; } = "";
}
