using System.Collections.Concurrent;
using Memoize;

namespace WebShop;

public sealed record Product(int Id, string Name, decimal Price);

/// <summary>Stands for a database: every question takes a while.</summary>
public interface IDatabase
{
    Task<Product?> FindAsync(int id, CancellationToken cancellationToken);

    Task<bool> SetPriceAsync(int id, decimal price, CancellationToken cancellationToken);
}

public sealed class SlowDatabase : IDatabase
{
    private readonly ConcurrentDictionary<int, Product> _rows = new(
        Enumerable.Range(1, 1000).Select(id => KeyValuePair.Create(id, new Product(id, $"Product {id}", 9.99m + id))));

    private long _questions;

    /// <summary>How often somebody asked.</summary>
    public long Questions => Interlocked.Read(ref _questions);

    public async Task<Product?> FindAsync(int id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        await Task.Delay(20, cancellationToken);
        return _rows.GetValueOrDefault(id);
    }

    public async Task<bool> SetPriceAsync(int id, decimal price, CancellationToken cancellationToken)
    {
        await Task.Delay(20, cancellationToken);
        return _rows.TryGetValue(id, out var product) && _rows.TryUpdate(id, product with { Price = price }, product);
    }
}

/// <summary>What the pages ask for. The attribute is all that caching takes.</summary>
public sealed class Products(IDatabase database)
{
    [Cached(Ttl = 300, MaxSize = 10_000)]
    public Task<Product?> FindAsync(int id, CancellationToken cancellationToken) => database.FindAsync(id, cancellationToken);

    /// <summary>Writes first, and then forgets the product: a load that read the old price cannot put it back.</summary>
    [Evicts(nameof(FindAsync))]
    public Task<bool> SetPriceAsync(int id, decimal price, CancellationToken cancellationToken) => database.SetPriceAsync(id, price, cancellationToken);
}
