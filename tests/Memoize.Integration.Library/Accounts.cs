namespace Memoize.Integration.Library;

/// <summary>Who has an account.</summary>
/// <param name="Id">The number.</param>
/// <param name="Region">Where.</param>
public sealed record Holder(int Id, string Region);

/// <summary>Cached methods that both assemblies evict from.</summary>
/// <param name="stock">Whom it asks.</param>
public sealed class Accounts([NotInKey] Stock stock)
{
    /// <summary>One entry for each id.</summary>
    [Cached(Ttl = 300)]
    public string Find(int id) => stock.Read(id);

    /// <summary>The same, waited for.</summary>
    [Cached(Ttl = 300)]
    public Task<string> FindAsync(int id, CancellationToken cancellationToken = default) => stock.ReadAsync(id, cancellationToken);

    /// <summary>An entry for each region and year, with a tag for each region.</summary>
    [Cached(Ttl = 300, Tags = ["region:{region}", "reports"])]
    public string Report([CacheKey(Indexed = true)] string region, int year) => stock.Read($"{region}{year}");

    /// <summary>Evicts from its own assembly.</summary>
    [Evicts(nameof(Find))]
    public void Close(int id) => stock.Read(-id);

    /// <summary>Evicts from wherever it is called, whether it succeeds or not.</summary>
    [Evicts(nameof(Find), Before = true)]
    public void Freeze(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        stock.Read(-id);
    }

    /// <summary>Stores what it returns.</summary>
    [Updates(nameof(Find), Map = ["id = holder.Id"])]
    public string Rename(Holder holder, string name) => stock.Read($"{name} {holder.Id}");
}

/// <summary>A partial one, which evicts for everybody, reflection included.</summary>
/// <param name="stock">Whom it asks.</param>
public sealed partial class AccountDesk(Stock stock)
{
    /// <summary>Evicts from a method of another type.</summary>
    [Evicts(typeof(Accounts), nameof(Accounts.FindAsync))]
    public partial Task CloseAsync(int id);

    private async Task CloseAsyncCore(int id) => await stock.ReadAsync(-id).ConfigureAwait(false);
}
