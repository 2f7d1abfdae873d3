using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Memoize.Integration.Tests.Background;

public sealed class Prices
{
    [Cached(Ttl = 300)]
    public string Of(string product, int amount) => $"{product}:{amount}";

    [Cached(Ttl = 300, StaleWhileRevalidate = 60)]
    public string List() => "all";
}

/// <summary>A host reads the options of methods when it starts, called or not, and again when they change.</summary>
[Collection(nameof(Isolated))]
public sealed class ConfiguredHostTests : ILoggerProvider, ILogger
{
    private const string Of = "Memoize.Integration.Tests.Background.Prices.Of(string, int)";

    private readonly System.Collections.Concurrent.ConcurrentQueue<string> logged = [];

    private IHost Build(params (string Key, string Value)[] values)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(values.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.Logging.AddProvider(this);
        builder.Services.AddScoped<Prices>().AddMemoize();
        return builder.Build();
    }

    [Fact]
    public async Task Options_hold_from_the_start_of_the_host_to_its_end_and_change_with_the_configuration()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using (var host = Build(($"Memoize:Methods:{Of}:Ttl", "20"), ("Memoize:Methods:Memoize.Integration.Tests.Background.Prices.List:Enabled", "false")))
        {
            await host.StartAsync(cancellation);
            var prices = host.Services.CreateScope().ServiceProvider.GetRequiredService<Prices>();
            Assert.Equal(prices.Of("a", 1), prices.Of("a", 1));
            _ = prices.List() + prices.List();
            Assert.Equal((0, 2), (PricesCache.List.Statistics.Hits, PricesCache.List.Statistics.Bypassed));
            var method = Memo.Caches.Single(method => method.Name == Of);
            Assert.Equal((300, 20), (method.Options.Ttl, method.CurrentOptions.Ttl));

            var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
            configuration[$"Memoize:Methods:{Of}:Ttl"] = "30";
            configuration.Reload();
            Assert.Equal(30, method.CurrentOptions.Ttl);
            configuration[$"Memoize:Methods:{Of}:Ttl"] = "much";
            configuration.Reload();
            Assert.Equal(30, method.CurrentOptions.Ttl);
            Assert.Contains(logged, line => line.Contains("is 'much'", StringComparison.Ordinal));
            await host.StopAsync(cancellation);
        }

        Assert.Equal(300, Memo.Caches.Single(method => method.Name == Of).CurrentOptions.Ttl);
    }

    [Fact]
    public async Task A_name_of_no_method_ends_the_start_of_the_host()
    {
        using var host = Build(("Memoize:Methods:Memoize.Integration.Tests.Background.Price.Of(string, int):Ttl", "20"));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"Did you mean {Of}?", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_section_can_be_named()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Caching:Methods:{Of}:Ttl", (string?)"77")]).Build().GetSection("Caching");
        using (var provider = new ServiceCollection().AddScoped<IStore, Store>().AddSingleton<Connections>().AddScoped<Tenant>().AddScoped<Db>()
            .AddMemoize(memo => memo.UseConfiguration(section).AddMethodsOf(typeof(Prices))).BuildServiceProvider())
        {
            // Without a host, it is read when the first decorator is made.
            using var scope = provider.CreateScope();
            scope.ServiceProvider.GetRequiredService<IStore>();
            _ = new Prices().Of("b", 2);
            Assert.Equal(77, Memo.Caches.Single(method => method.Name == Of).CurrentOptions.Ttl);
        }

        Assert.Equal(300, Memo.Caches.Single(method => method.Name == Of).CurrentOptions.Ttl);
    }

    [Fact]
    public void A_handle_configures_its_method()
    {
        PricesCache.Of.Configure(new() { Ttl = 5 });
        Assert.Equal(5, Memo.Caches.Single(method => method.Name == Of).CurrentOptions.Ttl);
        PricesCache.Of.Configure(null);
        Assert.Throws<ArgumentException>(() => PricesCache.Of.Configure(new() { RefreshAhead = 0.5 }));
    }

    public ILogger CreateLogger(string categoryName) => this;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => logged.Enqueue(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    public void Dispose()
    {
    }
}
