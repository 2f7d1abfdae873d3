using Memoize.Tests.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Memoize.Integration.Tests.Observability;

/// <summary>The health check, as an app registers it and asks.</summary>
[Collection(nameof(Isolated))]
public sealed class HealthTests : IDisposable
{
    private readonly string name = "t" + Guid.NewGuid().ToString("N");
    private readonly TestStore store = new();

    public HealthTests() => Memo.AddTier(name, store, new() { Timeout = 5, RetryAfter = 60 });

    public void Dispose() => Memo.RemoveTier(name);

    private static async Task<HealthReportEntry> Ask(Action<IHealthChecksBuilder> add)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        add(services.AddHealthChecks());
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return Assert.Single(report.Entries).Value;
    }

    [Fact]
    public async Task It_is_healthy_while_all_tiers_answer()
    {
        var said = await Ask(static checks => checks.AddMemoize());
        Assert.Equal((HealthStatus.Healthy, "All tiers answer."), (said.Status, said.Description));
        Assert.Equal("answers", said.Data[name]);
    }

    [Fact]
    public async Task A_store_that_is_gone_is_noticed_though_no_call_has_met_it()
    {
        store.Failure = new IOException("gone");
        var said = await Ask(static checks => checks.AddMemoize());
        Assert.Equal((HealthStatus.Degraded, $"{name} does not answer. Calls go on without it."), (said.Status, said.Description));
        Assert.Same(store.Failure, said.Exception);
        Assert.Equal("does not answer", said.Data[name]);
    }

    [Theory]
    [InlineData(HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Degraded)]
    public async Task What_that_means_is_for_the_app_to_say(HealthStatus status)
    {
        store.Failure = new IOException("gone");
        Assert.Equal(status, (await Ask(checks => checks.AddMemoize("store", status, ["ready"]))).Status);
    }

    [Fact]
    public async Task A_tier_that_must_be_there_and_is_not_is_reported()
    {
        var said = await Ask(checks => checks.AddMemoize(tiers: [name, "vault"]));
        Assert.Equal((HealthStatus.Degraded, "vault is not there. Calls go on without it."), (said.Status, said.Description));
        Assert.Equal("answers", said.Data[name]);

        store.Failure = new IOException("gone");
        Assert.Equal(HealthStatus.Healthy, (await Ask(static checks => checks.AddMemoize(tiers: []))).Status);
    }

    [Fact]
    public async Task A_store_that_is_back_and_not_used_yet_and_what_it_is_owed_are_told()
    {
        var tier = Memo.Tiers.Single(tier => tier.Name == name);
        store.Failure = new IOException("gone");
        await Memo.EvictTagAsync("health");
        store.Failure = null;
        Assert.False(tier.IsAvailable);
        Assert.Equal("answers, and is not used yet", (await Ask(static checks => checks.AddMemoize())).Data[name]);
    }

    [Fact]
    public async Task Who_asks_no_longer_is_not_kept_waiting()
    {
        store.Gate = new TaskCompletionSource().Task;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddMemoize();
        await using var provider = services.BuildServiceProvider();
        using var leaves = new CancellationTokenSource();
        var asking = provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
