using Memoize;
using Microsoft.Extensions.DependencyInjection;

var prices = new Prices();
IPrices seen = prices;
for (var i = 0; i < 3; i++)
{
    _ = Prices.Gross(100, "DE");
    _ = Prices.Of<int>(7) + Prices.Of<string>(7);
    _ = prices.Find(7) + seen.Find(7);
    _ = prices.Secret(1);
    _ = await prices.RateAsync("EUR");
}
Console.WriteLine($"plain loads={Prices.Plain}");
Console.WriteLine($"generic loads={Prices.Generic}");
Console.WriteLine($"partial loads={Prices.Partial}");
Console.WriteLine($"private loads={Prices.Private}");
Console.WriteLine($"async loads={Prices.Async}");

PricesCache.Gross.Evict(100, "DE");
_ = Prices.Gross(100, "DE");
Console.WriteLine($"loads after an eviction={Prices.Plain}");

await using var container = new ServiceCollection().AddSingleton<INames, Names>().AddMemoize().BuildServiceProvider();
var names = container.GetRequiredService<INames>();
for (var i = 0; i < 3; i++)
    _ = names.Find(7) + (await names.FindAllAsync(new[] { 1, 2 })).Count;
Console.WriteLine($"loads behind an interface={Names.Loads}");
await names.RenameAsync(7);
_ = names.Find(7);
Console.WriteLine($"loads after a write={Names.Loads}");

interface IPrices
{
    string Find(int id);
}

sealed partial class Prices : IPrices
{
    [NotInKey] public static int Plain, Generic, Partial, Private, Async;

    [Cached(Ttl = 300, MaxSize = 1000)]
    public static decimal Gross(decimal net, string country)
    {
        Plain++;
        return country == "DE" ? net * 1.19m : net;
    }

    [Cached]
    public static string Of<T>(int id)
    {
        Generic++;
        return typeof(T).Name + id;
    }

    [Cached(Ttl = 300)]
    public partial string Find(int id);

    private string FindCore(int id)
    {
        Partial++;
        return $"name {id}";
    }

    public int Secret(int x) => Hidden(x);

    [Cached]
    private int Hidden(int x)
    {
        Private++;
        return x;
    }

    [Cached(Ttl = 300)]
    public async Task<int> RateAsync(string currency, CancellationToken cancellationToken = default)
    {
        Async++;
        await Task.Delay(1, cancellationToken);
        return currency.Length;
    }
}

interface INames
{
    [Cached(Ttl = 300)]
    string Find(int id);

    [Cached(Ttl = 300)]
    Task<string> FindAsync(int id);

    [CachedBatch(nameof(FindAsync))]
    Task<IReadOnlyDictionary<int, string>> FindAllAsync(IReadOnlyCollection<int> ids);

    [Evicts(nameof(Find))]
    Task RenameAsync(int id);
}

sealed class Names : INames
{
    [NotInKey] public static int Loads;

    public string Find(int id)
    {
        Loads++;
        return $"name {id}";
    }

    public Task<string> FindAsync(int id) => Task.FromResult($"name {id}");

    public Task<IReadOnlyDictionary<int, string>> FindAllAsync(IReadOnlyCollection<int> ids)
    {
        Loads++;
        return Task.FromResult<IReadOnlyDictionary<int, string>>(ids.ToDictionary(id => id, id => $"name {id}"));
    }

    public Task RenameAsync(int id) => Task.CompletedTask;
}
