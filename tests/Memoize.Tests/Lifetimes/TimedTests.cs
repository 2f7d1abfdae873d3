using Memoize.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Lifetimes;

/// <summary>Tests in which time passes when they say so.</summary>
[Collection(nameof(ProcessWide))]
public abstract class TimedTests : IDisposable
{
    protected TimedTests() => Memo.TimeProvider = Time;

    /// <summary>Both engines, each with a synchronous and an asynchronous method.</summary>
    public static TheoryData<Eviction, bool> Kinds => new()
    {
        { Eviction.Lru, false }, { Eviction.Lru, true }, { Eviction.Lfu, false }, { Eviction.Lfu, true },
    };

    protected FakeTimeProvider Time { get; } = new();

    public void Dispose()
    {
        Memo.TimeProvider = TimeProvider.System;
        GC.SuppressFinalize(this);
    }

    protected void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A method under test: what it returns is said before each call, and its loads can be held up.</summary>
    protected sealed class Subject(CacheOptions options, bool isAsync)
    {
        private int loads;

        public MethodCache<int, string?> Cache { get; } = TestCache.Method(options).CreateCache<int, string?>(tasks: isAsync);

        /// <summary>How the next load ends; by default with its number.</summary>
        public Func<CancellationToken, Task<string?>>? Next { get; set; }

        public EntryRules<string?> Rules { get; set; }

        public int Loads => Volatile.Read(ref loads);

        public CacheStatistics Statistics => Cache.Statistics;

        /// <summary>What generated code does.</summary>
        public string? Get(int key = 1) => isAsync ? GetAsync(key).Block() : Cache.TryGet(key, out var hit) ? hit : Cache.Load(key, LoadHere, Rules);

        public Task<string?> GetAsync(int key = 1, CancellationToken cancellationToken = default)
            => isAsync
                ? Cache.TryGetTask(key, out var hit) ? hit : Cache.LoadAsync(key, Load, Rules, cancellationToken)
                : Concurrency.OnThread(() => Cache.TryGet(key, out var hit) ? hit : Cache.Load(key, LoadHere, Rules, cancellationToken));

        public string? Refresh(int key = 1) => isAsync ? Cache.RefreshAsync(key, Load, Rules).Block() : Cache.Refresh(key, LoadHere, Rules);

        /// <summary>Makes all loads from now on wait for the returned source.</summary>
        public TaskCompletionSource<string?> Hold()
        {
            var end = Concurrency.Source<string?>();
            Next = _ => end.Task;
            return end;
        }

        public void Fail(Exception? exception = null) => Next = _ => Task.FromException<string?>(exception ?? new InvalidTimeZoneException());

        /// <summary>Waits until the value of a load in the background is there.</summary>
        public void HasStored(string? value, int key = 1)
            => Concurrency.Until(() => Cache.Peek(key, out var found) && found == value);

        /// <summary>Waits until so many loads have failed.</summary>
        public void HasFailed(int count) => Concurrency.Until(() => Statistics.LoadFailures == count);

        /// <summary>Waits until so many loads have begun.</summary>
        public void HasBegun(int count) => Concurrency.Until(() => Loads == count);

        public string? Peek(int key = 1) => Cache.Peek(key, out var found) ? found : null;

        private string? LoadHere(CancellationToken token) => Load(token).GetAwaiter().GetResult();

        private Task<string?> Load(CancellationToken token)
        {
            var number = Interlocked.Increment(ref loads);
            return Next?.Invoke(token) ?? Task.FromResult<string?>($"value {number}");
        }
    }
}
