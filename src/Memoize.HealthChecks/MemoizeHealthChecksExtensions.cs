using Memoize.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check.</summary>
public static class MemoizeHealthChecksExtensions
{
    /// <summary>
    /// Adds a check that asks the stores of the tiers (<see cref="Memoize.Memo.Tiers"/>) whether they answer. One that does not within a second, or
    /// within the <see cref="Memoize.Tiers.CacheTierOptions.Timeout"/> of its tier where that is longer, makes the report
    /// <paramref name="failureStatus"/>. Without tiers it is healthy.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; <c>memoize</c> by default.</param>
    /// <param name="failureStatus">
    /// What it is when a tier does not answer; <see cref="HealthStatus.Degraded"/> by default, because calls get their values all the same.
    /// </param>
    /// <param name="tags">By which endpoints choose checks; none by default.</param>
    /// <param name="tiers">
    /// The names of the tiers that must be there and answer; null (the default) for those that there are when it is asked. A name that
    /// there is not is reported like a store that does not answer.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    public static IHealthChecksBuilder AddMemoize(
        this IHealthChecksBuilder builder, string name = "memoize", HealthStatus failureStatus = HealthStatus.Degraded, IEnumerable<string>? tags = null,
        IEnumerable<string>? tiers = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var check = new TierHealthCheck(tiers?.Distinct(StringComparer.Ordinal).ToArray());
        return builder.Add(new(name, check, failureStatus, tags));
    }
}
