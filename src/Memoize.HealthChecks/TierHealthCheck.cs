using System.Globalization;
using Memoize.Tiers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Memoize.HealthChecks;

/// <summary>
/// Asks every tier for a key that is not there. What calls know of a tier is not enough: where all that is asked for is in memory, nobody has noticed
/// yet that a store is gone.
/// </summary>
/// <param name="wanted">Those that must be there; null for whichever there are.</param>
internal sealed class TierHealthCheck(string[]? wanted) : IHealthCheck
{
    // The key that a tier asks for itself when it finds out whether its store is back.
    private const string Probe = "#probe";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var there = Memo.Tiers;
        var findings = await Task.WhenAll((wanted ?? there.Select(static tier => tier.Name)).Select(name => LookAsync(name, there, cancellationToken))).ConfigureAwait(false);
        var data = findings.ToDictionary(static one => one.Tier, static object (one) => one.State, StringComparer.Ordinal);
        if (Array.FindAll(findings, static one => !one.IsWell) is { Length: > 0 } unwell)
        {
            var said = string.Join(", ", unwell.Select(static one => $"{one.Tier} {one.State}"));
            return new(context.Registration.FailureStatus, $"{said}. Calls go on without it.", unwell.Select(static one => one.Failure).FirstOrDefault(static failure => failure is not null), data);
        }

        return HealthCheckResult.Healthy(findings.Length == 0 ? "There are no tiers." : "All tiers answer.", data);
    }

    private static async Task<Finding> LookAsync(string name, IReadOnlyList<CacheTier> there, CancellationToken cancellationToken)
    {
        if (there.FirstOrDefault(tier => tier.Name == name) is not { } tier)
            return new(name, false, "is not there", null);

        try
        {
            // Longer than a call would wait: the first to ask may have to connect.
            var patience = TimeSpan.FromSeconds(Math.Max(1, tier.Options.Timeout));
            await tier.Store.GetAsync(tier.Prefix + Probe, cancellationToken).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(name, false, "does not answer", e);
        }

        // The store is back, and the tier tries it again in a moment.
        if (!tier.IsAvailable)
            return new(name, false, "answers, and is not used yet", null);
        var owed = tier.Statistics.Owed;
        return new(name, true, owed == 0 ? "answers" : string.Create(CultureInfo.InvariantCulture, $"answers, evictions owed: {owed}"), null);
    }

    private sealed record Finding(string Tier, bool IsWell, string State, Exception? Failure);
}
