using System.Reflection;
using Memoize;

Console.WriteLine($"runtime={Environment.Version.Major}");
for (var i = 0; i < 3; i++)
    _ = Prices.Gross(100, "DE");
Console.WriteLine($"plain loads={Prices.Loads}");

var names = new Names();
for (var i = 0; i < 3; i++)
    _ = names.Find(7);
Console.WriteLine($"partial loads={Names.Loads}");
_ = ((INames)names).Find(7);
Console.WriteLine($"partial loads through its interface={Names.Loads}");

for (var i = 0; i < 3; i++)
    _ = await Prices.RateAsync("EUR");
Console.WriteLine($"async loads={Prices.AsyncLoads}");

PricesCache.Gross.Evict(100, "DE");
_ = Prices.Gross(100, "DE");
Console.WriteLine($"loads after an eviction={Prices.Loads}");

var said = typeof(Prices).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "namespaces");
Console.WriteLine($"namespaces={said.Value!.Replace(',', ';')}");

static class Prices
{
    [NotInKey] public static int Loads;
    [NotInKey] public static int AsyncLoads;

    [Cached(Ttl = 300, MaxSize = 1000)]
    public static decimal Gross(decimal net, string country)
    {
        Loads++;
        return country == "DE" ? net * 1.19m : net;
    }

    [Cached(Ttl = 300)]
    public static async Task<decimal> RateAsync(string currency, CancellationToken cancellationToken = default)
    {
        AsyncLoads++;
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return currency.Length;
    }
}

interface INames
{
    string Find(int id);
}

sealed partial class Names : INames
{
    [NotInKey] public static int Loads;

    [Cached(Ttl = 300)]
    public partial string Find(int id);

    private string FindCore(int id)
    {
        Loads++;
        return $"name {id}";
    }
}
