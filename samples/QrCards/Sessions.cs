using Memoize;

namespace QrCards;

/// <summary>Who is working on which cards.</summary>
public sealed record Session(string Id, string User, IReadOnlyList<string> Cards);

public static class Sessions
{
    /// <summary>
    /// A session is there because somebody has saved it, and there is no other place to load it from. It ends 20 minutes after it was
    /// last asked for, and 8 hours after it was last saved.
    /// </summary>
    [Cached(Ttl = 8 * 3600, Sliding = 20 * 60, CacheNull = false, MaxSize = 100_000, Tiers = "redis")]
    public static Task<Session?> FindAsync(string id) => Task.FromResult<Session?>(null);

    /// <summary>The next request to any server sees what was saved.</summary>
    public static ValueTask SaveAsync(Session session) => SessionsCache.FindAsync.SetAsync(session.Id, session);
}
