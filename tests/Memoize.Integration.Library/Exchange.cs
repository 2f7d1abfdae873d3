namespace Memoize.Integration.Library;

/// <summary>An interface of a library none of whose code need have run before a container decorates it.</summary>
public interface IExchange
{
    /// <summary>How much one is worth.</summary>
    [Cached(Ttl = 300)]
    decimal Rate(string currency);
}

/// <summary>An interface that only writes, for others to inherit.</summary>
public interface IRateDesk
{
    /// <summary>Says that one is worth something else now.</summary>
    [Evicts(typeof(IExchange), nameof(IExchange.Rate))]
    Task CorrectAsync(string currency);
}

/// <summary>A generic one.</summary>
public interface IRepository<T>
    where T : class
{
    /// <summary>Finds by number.</summary>
    [Cached(Ttl = 300)]
    Task<T?> FindAsync(int id, CancellationToken ct = default);
}
