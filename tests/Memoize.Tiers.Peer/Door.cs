using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Tiers.Peer;

/// <summary>The same behind an interface, as a container gives it.</summary>
[CacheHandles("StockDoor")]
public interface IStock
{
    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared")]
    Task<Level> FindAsync(int article);

    [Evicts(nameof(FindAsync))]
    Task ForgetAsync(int article);
}

public sealed class Depot : IStock
{
    public Task<Level> FindAsync(int article) => Stock.ReadAsync(article);

    public Task ForgetAsync(int article) => Task.CompletedTask;
}

/// <summary>Which of the doors the process takes.</summary>
/// <param name="Find">The cached call.</param>
/// <param name="Evict">Evicts an entry.</param>
internal sealed record Door(Func<int, Task<Level>> Find, Func<int, Task> Evict)
{
    internal static Door Of(string name)
    {
        if (name == "method")
            return new(static article => Stock.FindAsync(article), static async article => await StockCache.FindAsync.EvictAsync(article));

        // Alone there is one registration, and otherwise one of several.
        var services = new ServiceCollection();
        services.AddSingleton<IStock, Depot>();
        if (name == "keyed")
            services.AddKeyedSingleton<IStock, Depot>("depot");
        var provider = services.AddMemoize().BuildServiceProvider();
        return name switch
        {
            "alone" => new(provider.GetRequiredService<IStock>().FindAsync, provider.GetRequiredService<IStock>().ForgetAsync),
            "keyed" => new(provider.GetRequiredKeyedService<IStock>("depot").FindAsync, static async article => await StockDoor.FindAsync.EvictAsync(article)),
            _ => throw new ArgumentException(name),
        };
    }
}
