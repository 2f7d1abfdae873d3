using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Tiers.Tests;

/// <summary>A catalogue behind an interface, as a container gives it.</summary>
public interface ICatalogue
{
    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk", Tags = new[] { "catalogue:{article}" })]
    Task<Price> FindAsync(string article, CancellationToken ct = default);

    [CachedBatch(nameof(FindAsync))]
    Task<IReadOnlyDictionary<string, Price>> FindManyAsync(IReadOnlyCollection<string> article, CancellationToken ct = default);

    [Evicts(nameof(FindAsync))]
    Task ForgetAsync(string article);

    [Updates(nameof(FindAsync))]
    Task<Price> ChangeAsync(string article);
}

public class Catalogue(decimal net) : ICatalogue
{
    public Catalogue()
        : this(1)
    {
    }

    public ConcurrentBag<string> Runs { get; } = [];

    public async Task<Price> FindAsync(string article, CancellationToken ct = default)
    {
        await Task.Yield();
        Runs.Add(article);
        return new(article, Shop.Versions.GetValueOrDefault(article), net);
    }

    public async Task<IReadOnlyDictionary<string, Price>> FindManyAsync(IReadOnlyCollection<string> article, CancellationToken ct = default)
    {
        var found = new Dictionary<string, Price>();
        foreach (var one in article)
            found.Add(one, await FindAsync(one, ct));
        return found;
    }

    public Task ForgetAsync(string article) => Task.CompletedTask;

    public Task<Price> ChangeAsync(string article) => FindAsync(article);
}

public interface IShelf<T>
{
    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk")]
    string Describe(string article);
}

public sealed class Shelf<T> : IShelf<T>
{
    public string Describe(string article) => $"{article} as {typeof(T).Name} of {Shop.Versions.GetValueOrDefault(article)}";
}

/// <summary>What decorators of registrations promise, over every store there is. A container is what a process has.</summary>
[Collection(nameof(ProcessWide))]
public sealed class DecoratorTests
{
    private static int s_articles;

    private readonly string article = $"d-{Interlocked.Increment(ref s_articles)}";

    public static IEnumerable<TheoryDataRow<string>> Kinds => Stores.Kinds.Select(static kind => new TheoryDataRow<string>(kind));

    // Nothing is in memory of what another container has loaded, so none has to be emptied.
    private static async Task<ServiceProvider> StartAsync()
    {
        await Memo.FlushTiersAsync();
        return new ServiceCollection()
            .AddSingleton<ICatalogue, Catalogue>()
            .AddKeyedSingleton<ICatalogue>("eu", static (_, _) => new Catalogue(2))
            .AddKeyedSingleton<ICatalogue>("us", static (_, _) => new Catalogue(3))
            .AddSingleton(typeof(IShelf<>), typeof(Shelf<>))
            .AddMemoize()
            .BuildServiceProvider();
    }

    private static ICatalogue[] All(IServiceProvider services)
        => [services.GetRequiredService<ICatalogue>(), services.GetRequiredKeyedService<ICatalogue>("eu"), services.GetRequiredKeyedService<ICatalogue>("us")];

    private static int Runs(IServiceProvider services) => All(services).Sum(static one => ((Catalogue)CachedDecorators.Inner(one)).Runs.Count);

    private async Task<decimal[]> FindAsync(IServiceProvider services) => [.. (await Task.WhenAll(All(services).Select(one => one.FindAsync(article)))).Select(static price => price.Net)];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Each_registration_finds_its_own_entries_in_the_next_process(string kinds)
    {
        await using var stores = new Stores(kinds);
        await using var one = await StartAsync();
        Assert.Equal([1, 2, 3], await FindAsync(one));
        var shelf = (one.GetRequiredService<IShelf<int>>().Describe(article), one.GetRequiredService<IShelf<Price>>().Describe(article));
        Assert.Equal(($"{article} as Int32 of 0", $"{article} as Price of 0"), shelf);

        await using var other = await StartAsync();
        Shop.Versions[article] = 1;
        Assert.Equal([1, 2, 3], await FindAsync(other));
        Assert.Equal(shelf, (other.GetRequiredService<IShelf<int>>().Describe(article), other.GetRequiredService<IShelf<Price>>().Describe(article)));
        Assert.Equal(0, Runs(other));
        Assert.Equal((5, 0, 0, 0), (stores.All.First().Statistics.Hits, stores.All.First().Statistics.Failures, stores.All.First().Statistics.NotShared, StoreTests.NotStored(stores.All.First())));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Evictions =>
        from kind in Stores.Kinds
        from way in new[] { "EvictAsync", "[Evicts]", "[Updates]", "EvictTagAsync", "ClearAsync", "ClearAllAsync" }
        select new TheoryDataRow<string, string>(kind, way);

    [Theory, MemberData(nameof(Evictions))]
    public async Task An_eviction_reaches_every_tier_and_registration(string kinds, string way)
    {
        await using var stores = new Stores(kinds);
        await using (var one = await StartAsync())
            await FindAsync(one);

        await using var other = await StartAsync();
        Shop.Versions[article] = 1;
        switch (way)
        {
            case "EvictAsync":
                await CatalogueCache.FindAsync.EvictAsync(article);
                break;
            case "[Evicts]":
                await other.GetRequiredService<ICatalogue>().ForgetAsync(article);
                break;
            case "[Updates]":
                await other.GetRequiredService<ICatalogue>().ChangeAsync(article);
                break;
            case "EvictTagAsync":
                await Memo.EvictTagAsync("catalogue:" + article);
                break;
            case "ClearAsync":
                await CatalogueCache.FindAsync.ClearAsync();
                break;
            default:
                await Memo.ClearAllAsync();
                break;
        }

        await using var next = await StartAsync();
        Assert.All(await Task.WhenAll(All(next).Select(one => one.FindAsync(article))), static price => Assert.Equal(1, price.Version));
        Assert.Equal(3, Runs(next));
        Assert.All(stores.All, static tier => Assert.Equal(0, tier.Statistics.Owed));

        // And what was loaded after it is found again.
        await using var last = await StartAsync();
        await FindAsync(last);
        Assert.Equal(0, Runs(last));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_batch_loads_what_no_process_has_loaded(string kinds)
    {
        await using var stores = new Stores(kinds);
        await using var one = await StartAsync();
        foreach (var catalogue in All(one))
            await catalogue.FindManyAsync([article + "a", article + "b"]);

        await using var other = await StartAsync();
        foreach (var catalogue in All(other))
            Assert.Equal(3, (await catalogue.FindManyAsync([article + "a", article + "b", article + "c"])).Count);
        Assert.Equal(3, Runs(other));
    }
}
