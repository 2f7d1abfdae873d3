using System.Collections.Concurrent;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Memoize.Integration.Tests.Background;

public static class Quotes
{
    private static int runs;

    public static int Runs => runs;

    [Cached(Ttl = 300, Tiers = "*", Name = "quotes")]
    public static string Of(string symbol) => symbol + Interlocked.Increment(ref runs);

    [Cached(Ttl = 300, Tiers = "hostNear", Name = "quotes.near")]
    public static string Near(string symbol) => symbol;

    [Cached(Ttl = 300, Name = "quotes.memory")]
    public static string Memory(string symbol) => symbol;
}

/// <summary>A host adds tiers when it starts, and takes them away when it ends.</summary>
[Collection(nameof(Isolated))]
public sealed class TierHostTests : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> logged = [];

    private IHost Build(Action<MemoizeBuilder, IServiceCollection> configure, params (string Key, string Value)[] values)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(values.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.Logging.AddProvider(this);
        builder.Services.AddMemoize(memo => configure(memo, builder.Services));
        return builder.Build();
    }

    private static string Names => string.Join(",", Memo.Tiers.Select(static tier => tier.Name));

    [Fact]
    public async Task Tiers_are_there_from_the_start_of_the_host_to_its_end_with_the_stores_of_the_container()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (before, runs, store) = (Names, Quotes.Runs, new Store());
        using (var host = Build((memo, services) =>
        {
            services.AddKeyedSingleton<IDistributedCache>("hostNear", store).AddSingleton<IDistributedCache>(new Store());
            memo.AddTier("hostNear", new CacheTierOptions { Timeout = 20, Prefix = "near:" })
                .AddTier("hostFar", static services => services.GetRequiredService<IDistributedCache>(), configure: static tier => Assert.Equal("hostFar", tier.Name));
        }, ("Memoize:Tiers:hostnear:Prefix", "n:"), ("Memoize:Tiers:hostFar:Timeout", "00:00:20"), ("Memoize:Tiers:hostFar:LongestKey", "100")))
        {
            Assert.Equal(before, Names);
            await host.StartAsync(cancellation);
            var (near, far) = (Memo.Tiers.Single(static tier => tier.Name == "hostNear"), Memo.Tiers.Single(static tier => tier.Name == "hostFar"));
            Assert.Equal((20, "n:", 200), (near.Options.Timeout, near.Prefix, near.Options.LongestKey));
            Assert.Equal((20, "memoize:", 100), (far.Options.Timeout, far.Prefix, far.Options.LongestKey));
            Assert.Same(store, near.Store);

            Quotes.Of("a");
        }

        // Disposing has waited for what was being written.
        Assert.Equal(before, Names);
        Assert.Equal(runs + 1, Quotes.Runs);
        Assert.Contains("n:quotes(symbol:\"a\")", store.Values.Keys);
    }

    [Fact]
    public async Task Every_option_of_a_tier_that_text_can_say_is_read_from_the_configuration()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new CacheTierOptions { Timeout = 1, WriteTimeout = 2, RetryAfter = 3, LeaseDuration = 4, LongestLoad = 6, CompressAbove = 5, Prefix = "p:", LongestKey = 100, Json = new() };
        using var host = Build((memo, _) => memo.AddTier("hostNear", static _ => new Store(), given).AddTier("hostFar", static _ => new Store(), given),
            ("Memoize:Tiers:hostNear:Timeout", "0.25"), ("Memoize:Tiers:hostNear:WriteTimeout", "00:00:20"), ("Memoize:Tiers:hostNear:RetryAfter", "0.75"),
            ("Memoize:Tiers:hostNear:LeaseDuration", "30"), ("Memoize:Tiers:hostNear:LongestLoad", "600"), ("Memoize:Tiers:hostNear:CompressAbove", "65536"), ("Memoize:Tiers:hostNear:Prefix", "shop:"),
            ("Memoize:Tiers:hostNear:LongestKey", "150"));
        await host.StartAsync(cancellation);
        var (near, far) = (Memo.Tiers.Single(static tier => tier.Name == "hostNear").Options, Memo.Tiers.Single(static tier => tier.Name == "hostFar").Options);
        Assert.Equal((0.25, 20, 0.75, 30, 600, 65_536, "shop:", 150), (near.Timeout, near.WriteTimeout, near.RetryAfter, near.LeaseDuration, near.LongestLoad, near.CompressAbove, near.Prefix, near.LongestKey));
        Assert.Equal((1, 2, 3, 4, 6, 5, "p:", 100), (far.Timeout, far.WriteTimeout, far.RetryAfter, far.LeaseDuration, far.LongestLoad, far.CompressAbove, far.Prefix, far.LongestKey));
        Assert.Same(given.Json, near.Json);

        // Whoever adds an option says here whether text can give it.
        Assert.Equal(
            ["CompressAbove", "Json", "LeaseDuration", "LongestKey", "LongestLoad", "Prefix", "RetryAfter", "TimeProvider", "Timeout", "WriteTimeout"],
            typeof(CacheTierOptions).GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Memoize:Tiers:hostNeer:Timeout", "1", "Memoize:Tiers:hostNeer: there is no tier of this name. Did you mean hostNear?")]
    [InlineData("Memoize:Tiers:hostNear:Timout", "1", "a tier has no such option. Did you mean Timeout?")]
    [InlineData("Memoize:Tiers:hostNear:Timeout", "soon", "Memoize:Tiers:hostNear:Timeout is 'soon'. Give seconds")]
    [InlineData("Memoize:Tiers:hostNear:Timeout", "-1", "Timeout is a number of seconds, more than 0")]
    [InlineData("Memoize:Tier:hostNear:Timeout", "1", "Memoize:Tier means nothing. Did you mean Tiers?")]
    [InlineData("Memoize:Methods:quotes.memory:Tiers", "hostNear", "Tiers cannot be switched on at run time")]
    public async Task What_a_configuration_says_wrong_is_said_when_the_host_starts(string key, string value, string said)
    {
        var before = Names;
        using var host = Build(static (memo, _) => memo.AddTier("hostNear", static _ => new Store()), (key, value));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(said, refused.Message);
        Assert.Equal(before, Names);
    }

    [Fact]
    public async Task A_tier_that_a_method_names_and_nobody_adds_is_told_and_costs_nothing_else()
    {
        using var host = Build(static (memo, _) => memo.AddTier("hostNeer", static _ => new Store()));
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Contains(logged, static line => line.Contains("There is no tier named 'hostNear', which quotes.near have", StringComparison.Ordinal) && line.Contains("Did you mean hostNeer?", StringComparison.Ordinal));
        Assert.Equal("x", Quotes.Near("x"));
    }

    [Fact]
    public async Task A_configuration_says_which_tiers_a_method_has_and_what_the_default_is()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (one, other) = (new Store(), new Store());
        using var host = Build((memo, _) => memo.AddTier("hostNear", _ => one).AddTier("hostFar", _ => other),
            ("Memoize:DefaultTiers", "hostFar"), ("Memoize:Methods:quotes.near:Tiers", ""));
        await host.StartAsync(cancellation);
        Quotes.Of("b");
        Quotes.Near("b");
        await Memo.FlushTiersAsync(cancellation);
        Assert.Equal((0, 1), (one.Count, other.Count));

        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration["Memoize:Methods:quotes.near:Tiers"] = "hostFar";
        configuration["Memoize:DefaultTiers"] = "hostNear";
        configuration.Reload();
        Quotes.Of("c");
        Quotes.Near("c");
        await Memo.FlushTiersAsync(cancellation);
        Assert.Equal((1, 2), (one.Count, other.Count));
    }

    [Fact]
    public async Task What_was_evicted_while_a_method_did_not_name_a_tier_is_not_found_when_it_does_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var host = Build((memo, _) => memo.AddTier("hostNear", static _ => new Store(), new() { Timeout = 20 }));
        await host.StartAsync(cancellation);
        var first = Quotes.Of("d");
        await Memo.FlushTiersAsync(cancellation);
        QuotesCache.Of.Configure(new MethodSettings { Tiers = "" });
        QuotesCache.Of.Evict("d");
        QuotesCache.Of.Configure(null);
        Assert.NotEqual(first, Quotes.Of("d"));
    }

    [Fact]
    public async Task A_second_host_uses_its_own_store_and_gives_the_name_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (one, other) = (new Store(), new Store());
        using var first = Build((memo, _) => memo.AddTier("hostNear", _ => one));
        await first.StartAsync(cancellation);
        using (var second = Build((memo, _) => memo.AddTier("hostNear", _ => other)))
        {
            await second.StartAsync(cancellation);
            Assert.Same(other, Memo.Tiers.Single(static tier => tier.Name == "hostNear").Store);
        }

        Assert.Same(one, Memo.Tiers.Single(static tier => tier.Name == "hostNear").Store);
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddMemoize(static memo => memo.AddTier("x").AddTier("x")));
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => logged.Enqueue(formatter(state, exception));

    private sealed class Store : IDistributedCache
    {
        internal readonly ConcurrentDictionary<string, byte[]> Values = new(StringComparer.Ordinal);

        internal int Count => Values.Keys.Count(static key => !key.Contains("stamp:", StringComparison.Ordinal));

        public byte[]? Get(string key) => Values.GetValueOrDefault(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => Values.TryRemove(key, out _);

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Remove(key);
            return Task.CompletedTask;
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Values[key] = value;

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }
    }
}
