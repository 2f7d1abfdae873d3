using System.Globalization;

namespace Memoize.Integration.Tests.Model;

/// <summary>
/// A million operations of every kind on generated caches, from eight threads at once. See <see cref="Call"/> for what nobody may be
/// given, and <see cref="Cell"/> for which loads may not run at the same time.
/// </summary>
[Collection(nameof(Isolated))]
public class EverythingTests
{
    private const int Threads = 8;
    private const int Operations = 130_000;
    private const string SeedName = "MEMOIZE_MODEL_SEED";

    private static readonly CacheHandle[] _handles = [ShelfCache.Plain, ShelfCache.LazyAsync, ShelfCache.StaleAsync, ShelfCache.Sturdy, ShelfCache.SlideAsync];

    [Fact]
    public async Task No_call_gets_what_an_invalidation_before_it_has_removed_and_no_key_is_loaded_twice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedName), NumberStyles.Integer, CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        var world = new World();
        Memo.TimeProvider = world.Time;
        try
        {
            await RunAsync(world, seed).WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            CheckWhatIsKept(world);
            CheckThatEverythingHappened();
        }
        catch (Exception e)
        {
            throw new ViolationException($"{SeedName}={seed} lets the threads do the same again. {e.Message}", e);
        }
        finally
        {
            Memo.TimeProvider = TimeProvider.System;
        }
    }

    private static async Task RunAsync(World world, int seed)
    {
        using var stop = new CancellationTokenSource();
        using var together = new Barrier(Threads);
        var workers = new Worker[Threads];
        for (var i = 0; i < Threads; i++)
            workers[i] = new(world, unchecked(seed + i), workers, stop);
        await Task.WhenAll(Array.ConvertAll(workers, worker => OnThread(() =>
        {
            together.SignalAndWait();
            worker.Run(Operations);
        })));
        Assert.True(workers.Sum(static worker => worker.Done) >= 1_000_000);
    }

    private static void CheckWhatIsKept(World world)
    {
        Assert.True(SpinWait.SpinUntil(() => world.Running == 0, TimeSpan.FromMinutes(1)), "A load has never ended.");
        foreach (var kind in Enum.GetValues<Kind>())
        {
            for (var id = 0; id < World.Ids; id++)
            {
                var (kept, truth) = (Worker.Kept(kind, id), world[kind, id].Truth);
                Assert.True(kept is null || kept.Version == truth, $"{kind} of {id} is at {truth}, and the cache keeps {kept}. {world[kind, id].History}");
            }
        }

        // The index of tags has forgotten nothing.
        Memo.EvictTag("stale");
        Assert.Equal(0, ShelfCache.StaleAsync.Statistics.Count);
    }

    // A model in which nothing happens proves nothing.
    private static void CheckThatEverythingHappened()
    {
        foreach (var handle in _handles)
        {
            var seen = handle.Statistics;
            Assert.True(
                seen is { Hits: > 0, Misses: > 0, Loads: > 0, LoadFailures: > 0, EvictionsByRequest: > 0, EvictionsByExpiry: > 0, EvictionsByCapacity: > 0, NotStoredEvicted: > 0 },
                $"{handle}: {seen}");
        }

        Assert.True(ShelfCache.StaleAsync.Statistics is { StaleServed: > 0, BackgroundLoads: > 0, NotStoredCancelled: > 0 }, $"{ShelfCache.StaleAsync.Statistics}");
        Assert.True(ShelfCache.Sturdy.Statistics is { StaleServed: > 0, ErrorHits: > 0 }, $"{ShelfCache.Sturdy.Statistics}");
        Assert.True(ShelfCache.LazyAsync.Statistics is { NotStoredAbsent: > 0, NotStoredCancelled: > 0 }, $"{ShelfCache.LazyAsync.Statistics}");
    }

    private static Task OnThread(Action action)
        => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
