namespace Memoize.Integration.Tests.Decorators;

/// <summary>An interface whose results outlive the process.</summary>
public interface IStockroom
{
    [Cached(Ttl = 300, Tiers = "shared", Tags = new[] { "shelf:{shelf}" })]
    string Read(int shelf);

    [Cached(Ttl = 300, Tiers = "shared")]
    Task<string> ReadAsync(int shelf, CancellationToken ct = default);

    [CachedBatch(nameof(ReadAsync))]
    Task<IReadOnlyDictionary<int, string>> ReadManyAsync(IReadOnlyCollection<int> shelf, CancellationToken ct = default);

    [Cached(Ttl = 300, Tiers = "shared")]
    string Of<T>(int shelf);

    [Evicts(nameof(Read))]
    [Evicts(nameof(ReadAsync))]
    void Write(int shelf);

    [Updates(nameof(ReadAsync))]
    Task<string> WriteAsync(int shelf);

    int Calls { get; }
}

/// <summary>Says which of them has answered, and how often it was asked.</summary>
public class Stockroom(string name) : IStockroom
{
    private int calls;

    public Stockroom()
        : this("stock")
    {
    }

    public int Calls => calls;

    public string Read(int shelf) => $"{name} {shelf} #{Interlocked.Increment(ref calls)}";

    public async Task<string> ReadAsync(int shelf, CancellationToken ct = default)
    {
        await Task.Yield();
        return Read(shelf);
    }

    public async Task<IReadOnlyDictionary<int, string>> ReadManyAsync(IReadOnlyCollection<int> shelf, CancellationToken ct = default)
    {
        await Task.Yield();
        Interlocked.Increment(ref calls);
        return shelf.ToDictionary(static one => one, one => $"{name} {one} of {shelf.Count}");
    }

    public string Of<T>(int shelf) => typeof(T).Name + Read(shelf);

    public void Write(int shelf)
    {
    }

    public Task<string> WriteAsync(int shelf) => ReadAsync(shelf);
}

/// <summary>Another class.</summary>
public sealed class Annex(string name) : Stockroom(name)
{
    public Annex()
        : this("annex")
    {
    }
}

/// <summary>A generic interface whose results outlive the process.</summary>
public interface ICrate<T>
{
    [Cached(Ttl = 300, Tiers = "shared")]
    string Weigh(int number);
}

public class Crate<T>(string name) : ICrate<T>
{
    public Crate()
        : this("crate")
    {
    }

    public string Weigh(int number) => $"{name} of {typeof(T).Name} {number} #{Interlocked.Increment(ref Crates.Runs)}";
}

public sealed class Barrel<T>() : Crate<T>("barrel");

public static class Crates
{
    internal static int Runs;
}
