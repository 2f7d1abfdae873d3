using Memoize.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Storage;

/// <summary>A store with a clock that moves only when a test says so, and its counters.</summary>
internal sealed class TestStore<TKey, TValue>
    where TKey : notnull
{
    public TestStore(CacheOptions options, bool janitor)
    {
        Time = janitor ? new FakeTimeProvider() : new TimeWithoutTimers();
        Clock = Clock.From(Time);
        Store = new EntryStore<TKey, TValue>(options, Clock, Counters);
    }

    public FakeTimeProvider Time { get; }

    public Clock Clock { get; }

    public StoreCounters Counters { get; } = new();

    public EntryStore<TKey, TValue> Store { get; }

    public int Count => Store.Count;

    public void Put(TKey key, TValue value) => Store.Put(key, value);

    public bool Has(TKey key) => Store.TryGet(key, out _);

    public void Advance(double milliseconds) => Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}

internal static class Stores
{
    public static TestStore<int, int> Of(
        Eviction eviction = Eviction.Lru, int maxSize = 100, double ttl = 0, double sliding = 0, bool janitor = false)
        => Of<int, int>(eviction, maxSize, ttl, sliding, janitor);

    public static TestStore<TKey, TValue> Of<TKey, TValue>(
        Eviction eviction = Eviction.Lru, int maxSize = 100, double ttl = 0, double sliding = 0, bool janitor = false)
        where TKey : notnull
        => new(new CacheOptions { Eviction = eviction, MaxSize = maxSize, Ttl = ttl, Sliding = sliding }, janitor);
}

/// <summary>The janitor would tidy up whenever the clock moves; most tests are about what happens without it.</summary>
internal sealed class TimeWithoutTimers : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
