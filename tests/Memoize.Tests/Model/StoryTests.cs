using CsCheck;
using Memoize.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Model;

/// <summary>
/// Random stories of callers, loads that end well or badly or late, cancellations, evictions by key and tag, sets, writes that overlap, clears, refreshes and the passing
/// of time, compared step by step with <see cref="SequentialModel"/>. A failure prints the shortest story that shows it.
/// </summary>
[Collection(nameof(ProcessWide))]
public sealed class StoryTests : IDisposable
{
    private static readonly Gen<Act> Acts = Gen.Frequency(
        (8, Gen.Const(Act.Call)),
        (2, Gen.Const(Act.Refresh)),
        (4, Gen.Const(Act.Complete)),
        (1, Gen.Const(Act.Fail)),
        (3, Gen.Const(Act.Cancel)),
        (2, Gen.Const(Act.Evict)),
        (1, Gen.Const(Act.Set)),
        (1, Gen.Const(Act.Clear)),
        (1, Gen.Const(Act.EvictTag)),
        (1, Gen.Const(Act.BeginUpdate)),
        (1, Gen.Const(Act.EndUpdate)),
        (1, Gen.Const(Act.Wait)));

    private readonly FakeTimeProvider time = new();

    public StoryTests() => Memo.TimeProvider = time;

    public void Dispose() => Memo.TimeProvider = TimeProvider.System;

    // Threads are dearer than tasks, so there are fewer of them.
    private static Gen<Operation[]> Stories(int threads)
        => Gen.Select(Acts, Gen.Int[0, 2], Gen.Int[0, 9], Gen.Bool, Gen.Int[1, 100],
                (act, key, pick, hasToken, blocks) => new Operation(act, key, pick, hasToken, blocks <= threads))
            .Array[1, 40];

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Tasks(Eviction eviction)
        => Stories(threads: 0).Sample(story => Story.Tell(story, time, eviction), iter: 3000, threads: 1);

    [Fact]
    public void Threads_and_tasks()
        => Stories(threads: 30).Sample(story => Story.Tell(story, time, Eviction.Lru), iter: 400, threads: 1);
}
