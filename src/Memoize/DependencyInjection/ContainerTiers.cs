using Memoize.Configuration;
using Memoize.Tiers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Memoize.DependencyInjection;

/// <summary>The tiers that one container brings: there from when the host starts, or the first decorator is made, until the container is disposed.</summary>
internal sealed partial class ContainerTiers : IDisposable, IAsyncDisposable
{
    private readonly List<CacheTier> tiers = [];

    /// <exception cref="InvalidOperationException">The configuration names a tier that there is not, or says something wrong of one.</exception>
    public ContainerTiers(Registrations registrations, IServiceProvider services, IConfiguration? section)
    {
        var configured = section?.GetSection(TierSettings.Section);
        List<string> problems = [];
        var names = registrations.Tiers.Select(static tier => tier.Name).Concat(Memo.Tiers.Select(static tier => tier.Name)).ToList();
        foreach (var child in configured?.GetChildren() ?? [])
        {
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                problems.Add($"{child.Path}: there is no tier of this name.{NearNames.DidYouMean(child.Key, names)} Add it: AddMemoize(memo => memo.AddTier(\"{child.Key}\", …)).");
        }

        var options = registrations.Tiers.ConvertAll(tier => configured is null ? tier.Options : TierSettings.Read(configured.GetSection(tier.Name), tier.Options, problems));
        if (problems.Count > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));

        try
        {
            for (var i = 0; i < options.Count; i++)
            {
                var registration = registrations.Tiers[i];
                var store = registration.Store(services) ?? throw new InvalidOperationException($"The tier '{registration.Name}' was given no store: its factory returned null.");
                var tier = new CacheTier(registration.Name, store, options[i]);
                registration.Configure?.Invoke(tier);
                TierRegistry.Push(tier);
                tiers.Add(tier);
            }
        }
        catch
        {
            Remove();
            throw;
        }
    }

    /// <summary>Says which methods name tiers that are not there: they remember in memory alone, which nobody may notice.</summary>
    public static void Report(ILogger logger)
    {
        var names = Memo.Tiers.Select(static tier => tier.Name).ToList();
        var missing = MethodConfiguration.Known.Values
            .SelectMany(method => TierRegistry.Split(MethodConfiguration.Of(method.Name)?.Tiers ?? method.Tiers), static (method, tier) => (Method: method.Name, Tier: tier))
            .Where(named => named.Tier != TierRegistry.Default && !names.Contains(named.Tier))
            .GroupBy(static named => named.Tier, static named => named.Method, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal);
        foreach (var tier in missing)
        {
            var methods = string.Join(", ", tier.Order(StringComparer.Ordinal).Take(5));
            var advice = names.Count == 0 ? " There are none at all." : NearNames.DidYouMean(tier.Key, names) + $" There are {string.Join(", ", names)}.";
            LogMissing(logger, names.Count == 0 ? LogLevel.Information : LogLevel.Warning, tier.Key, methods, advice);
        }
    }

    /// <summary>What is still being written is written, as long as the stores are there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (tiers.Count > 0)
            await Memo.FlushTiersAsync().ConfigureAwait(false);
        Remove();
    }

    public void Dispose()
    {
        if (tiers.Count > 0)
            Memo.FlushTiersAsync().GetAwaiter().GetResult();
        Remove();
    }

    private void Remove()
    {
        foreach (var tier in tiers)
            TierRegistry.Remove(tier);
        tiers.Clear();
    }

    [LoggerMessage(EventId = 2, Message = "There is no tier named '{Tier}', which {Methods} have in their Tiers: they do without.{Advice}")]
    private static partial void LogMissing(ILogger logger, LogLevel level, string tier, string methods, string advice);
}
