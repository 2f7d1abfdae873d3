using Memoize;

namespace QrCards;

/// <summary>What somebody sees who scans a card.</summary>
public sealed record Template(string Id, string Body);

/// <summary>Where templates are. Nobody knows in which database one is, so all of them are asked, one after the other.</summary>
public interface ITemplateDatabases
{
    Task<Template?> FindAsync(string id, CancellationToken cancellationToken);

    Task<bool> ChangeAsync(string id, string body);
}

/// <summary>Finding a template takes milliseconds; an id that does not exist takes the longest, so that it is remembered as well.</summary>
public sealed class Templates(ITemplateDatabases databases)
{
    [Cached(Ttl = 300, NullTtl = 30, MaxSize = 10_000, Tiers = "redis")]
    public Task<Template?> FindAsync(string id, CancellationToken cancellationToken) => databases.FindAsync(id, cancellationToken);

    /// <summary>All servers see the change within a second: the entry is removed from Redis, and the others are told.</summary>
    [Evicts(nameof(FindAsync))]
    public Task<bool> ChangeAsync(string id, string body) => databases.ChangeAsync(id, body);
}
