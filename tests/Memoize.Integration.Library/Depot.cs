namespace Memoize.Integration.Library;

/// <summary>What the methods of this library ask: it counts, fails and waits as a test says. The answer tells which run it was.</summary>
public sealed class Stock
{
    private int runs;

    /// <summary>How often an original has run.</summary>
    public int Runs => Volatile.Read(ref runs);

    /// <summary>Whether it throws.</summary>
    public bool Fails { get; set; }

    /// <summary>What an asynchronous run waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Answers.</summary>
    /// <param name="what">The question.</param>
    public string Read(object what)
    {
        var run = Interlocked.Increment(ref runs);
        return Fails ? throw new IOException($"{what} is not there.") : $"{what}#{run}";
    }

    /// <summary>Answers when the gate is open.</summary>
    /// <param name="what">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> ReadAsync(object what, CancellationToken cancellationToken = default)
    {
        var run = Interlocked.Increment(ref runs);
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Fails ? throw new IOException($"{what} is not there.") : $"{what}#{run}";
    }
}

/// <summary>Every option about the life of an entry, on a public method for another assembly.</summary>
/// <param name="stock">Whom it asks.</param>
public sealed class Depot([NotInKey] Stock stock)
{
    /// <summary>The old value at once, and one load behind it.</summary>
    [Cached(Ttl = 60, StaleWhileRevalidate = 600)]
    public Task<string> RevalidatedAsync(int id) => stock.ReadAsync(id);

    /// <summary>The old value where a load fails.</summary>
    [Cached(Ttl = 60, StaleIfError = 600)]
    public string Resilient(int id) => stock.Read(id);

    /// <summary>The next value before this one ends.</summary>
    [Cached(Ttl = 100, RefreshAhead = 0.5)]
    public Task<string> AheadAsync(int id) => stock.ReadAsync(id);

    /// <summary>A shorter life, at random.</summary>
    [Cached(Ttl = 100, Jitter = 0.2)]
    public string Jittered(int id) => stock.Read(id);

    /// <summary>Gives up a load that takes too long.</summary>
    [Cached(Ttl = 60, Timeout = 2)]
    public Task<string> InTimeAsync(int id, CancellationToken cancellationToken = default) => stock.ReadAsync(id, cancellationToken);

    /// <summary>Remembers an exception.</summary>
    [Cached(Ttl = 60, ErrorTtl = 10)]
    public string Failing(int id) => stock.Read(id);

    /// <summary>Null for a shorter time.</summary>
    [Cached(Ttl = 60, NullTtl = 10)]
    public string? Perhaps(int id) => stock.Read(id) is { } text && id > 0 ? text : null;

    /// <summary>Null not at all.</summary>
    [Cached(Ttl = 60, CacheNull = false)]
    public string? Some(int id) => stock.Read(id) is { } text && id > 0 ? text : null;

    /// <summary>Not for all arguments, and not all results.</summary>
    [Cached(Ttl = 60, When = nameof(IsPublic), Unless = nameof(IsDraft))]
    public string Page(string name, bool preview) => stock.Read(name);

    private static bool IsPublic(bool preview) => !preview;

    private static bool IsDraft(string result) => result.StartsWith("draft", StringComparison.Ordinal);

    /// <summary>The value knows.</summary>
    [Cached(TtlFrom = nameof(LifetimeOf))]
    public string Token(int seconds) => stock.Read(seconds);

    private static TimeSpan LifetimeOf(string token) => TimeSpan.FromSeconds(int.Parse(token.Split('#')[0], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Bounded by what the values weigh.</summary>
    [Cached(MaxBytes = 100, Weigher = nameof(WeightOf))]
    public string Heavy(int weight, int id) => stock.Read($"{weight}:{id}");

    private static long WeightOf(string result) => long.Parse(result.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
}
