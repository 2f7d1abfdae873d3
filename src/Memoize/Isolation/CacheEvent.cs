namespace Memoize.Isolation;

/// <summary>Something that has happened in the caches of an isolated flow. Immutable.</summary>
public sealed class CacheEvent
{
    internal CacheEvent(CacheEventKind kind, CachedMethod method, object cache, object? key, DateTimeOffset at, TimeSpan? took, Exception? exception)
    {
        Kind = kind;
        Method = method;
        Cache = cache;
        Key = key;
        At = at;
        Took = took;
        Exception = exception;
    }

    /// <summary>What has happened.</summary>
    public CacheEventKind Kind { get; }

    /// <summary>The method whose cache it is.</summary>
    public CachedMethod Method { get; }

    /// <summary>
    /// Which cache of the method it is: a method may have one for each instance, registration, or combination of type arguments. Only
    /// its identity means something.
    /// </summary>
    public object Cache { get; }

    /// <summary>The key, whose text is readable (<c>id: 7</c>); null where the event is about all of them.</summary>
    public object? Key { get; }

    /// <summary>When, by the clock of the flow.</summary>
    public DateTimeOffset At { get; }

    /// <summary>How long the load took, where one has ended.</summary>
    public TimeSpan? Took { get; }

    /// <summary>Why it failed, where it did.</summary>
    public Exception? Exception { get; }
}
