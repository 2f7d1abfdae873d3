namespace Memoize;

/// <summary>What a <see cref="CachedMethod"/> needs from its caches, whatever their key and value.</summary>
internal interface IMethodCaches
{
    int Count { get; }

    CacheStatistics Statistics { get; }

    void Clear();
}
