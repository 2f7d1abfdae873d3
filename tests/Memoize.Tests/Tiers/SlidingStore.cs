using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tests.Tiers;

/// <summary>A store whose values end by a clock: absolutely, and when nobody reads or touches them.</summary>
internal class SlidingStore(TimeProvider clock) : IDistributedCache
{
    private readonly ConcurrentDictionary<string, Stored> values = new(StringComparer.Ordinal);

    internal Exception? Failure { get; set; }

    /// <summary>What every touch waits for before it begins.</summary>
    internal Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>The same for removals.</summary>
    internal Task Removing { get; set; } = Task.CompletedTask;

    internal int Touched;

    internal IEnumerable<string> Keys => values.Keys.Where(static key => !IsStamp(key));

    /// <summary>How many values it has, without the stamps.</summary>
    internal int Held => values.Count(one => !IsStamp(one.Key) && clock.GetUtcNow() < one.Value.Ends);

    /// <summary>When its only value ends.</summary>
    internal DateTimeOffset Ending => values.Single(static one => !IsStamp(one.Key)).Value.Ends;

    public byte[]? Get(string key)
    {
        if (Find(key) is not { } found)
            return null;
        Refresh(key);
        return found.Value;
    }

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        => Failure is null ? Task.FromResult(Get(key)) : Task.FromException<byte[]?>(Failure);

    public virtual void Refresh(string key)
    {
        if (Find(key) is { } found)
            values.TryUpdate(key, found.UsedAt(clock.GetUtcNow()), found);
    }

    public virtual async Task RefreshAsync(string key, CancellationToken token = default)
    {
        Interlocked.Increment(ref Touched);
        await Gate;
        if (Failure is not null)
            throw Failure;
        Refresh(key);
    }

    public void Remove(string key) => values.TryRemove(key, out _);

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await Removing;
        Remove(key);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
        => values[key] = new Stored(value, clock.GetUtcNow() + (options.AbsoluteExpirationRelativeToNow ?? TimeSpan.FromDays(1000)), options.SlidingExpiration, default).UsedAt(clock.GetUtcNow());

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    private static bool IsStamp(string key) => key.Contains("#stamp:", StringComparison.Ordinal);

    private Stored? Find(string key) => values.TryGetValue(key, out var found) && clock.GetUtcNow() < found.Ends ? found : null;

    private sealed record Stored(byte[] Value, DateTimeOffset Limit, TimeSpan? Window, DateTimeOffset Ends)
    {
        internal Stored UsedAt(DateTimeOffset now) => this with { Ends = Window is { } window && now + window < Limit ? now + window : Limit };
    }
}

/// <summary>One that reads and writes again what it is asked to touch, as a store without such a command may.</summary>
internal sealed class RewritingStore(TimeProvider clock) : SlidingStore(clock)
{
    internal TaskCompletionSource HasRead { get; } = new();

    public override async Task RefreshAsync(string key, CancellationToken token = default)
    {
        if (Get(key) is not { } value)
            return;
        HasRead.TrySetResult();
        await Gate;
        Set(key, value, new() { SlidingExpiration = TimeSpan.FromSeconds(60) });
    }
}
