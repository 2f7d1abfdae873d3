using System.Runtime.CompilerServices;

namespace Memoize.Tests.Flights;

/// <summary>A token that lives as long as the process, and a load that hangs, must not collect what has passed by.</summary>
public class CancellationLeakTests
{
    private sealed record Key(string Name, object Weight);

    [Fact]
    public void A_token_that_lives_on_holds_nothing_of_the_calls_that_are_over()
    {
        using var source = new CancellationTokenSource();
        var cache = TestCache.Of<Key, string>();

        var weights = Call(cache, source.Token);
        cache.Clear();
        Concurrency.Collect();

        Assert.DoesNotContain(weights, weight => weight.IsAlive);
        GC.KeepAlive(source);
        GC.KeepAlive(cache);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Call(MethodCache<Key, string> cache, CancellationToken token)
    {
        var weights = Enumerable.Range(0, 5).Select(_ => new object()).ToArray();
        cache.Get(new("runs a load", weights[0]), _ => "value", token);
        cache.GetAsync(new("loads at once", weights[1]), _ => Task.FromResult("value"), token).Block();
        Assert.Throws<InvalidTimeZoneException>(() => cache.Get(new("fails", weights[2]), _ => throw new InvalidTimeZoneException(), token));

        var release = Concurrency.Source<string>();
        var leader = cache.GetAsync(new("starts a load", weights[3]), _ => release.Task, token);
        var joiner = cache.GetAsync(new("starts a load", weights[3]), _ => release.Task, token);
        release.SetResult("value");
        leader.Block();
        joiner.Block();

        release = Concurrency.Source<string>();
        leader = cache.GetAsync(new("fails later", weights[4]), _ => release.Task, token);
        release.SetException(new InvalidTimeZoneException());
        Assert.Throws<InvalidTimeZoneException>(() => { leader.Block(); });
        return [.. weights.Select(weight => new WeakReference(weight))];
    }

    [Fact]
    public async Task A_load_that_hangs_does_not_collect_those_who_have_left()
    {
        var cache = TestCache.Of();
        var release = Concurrency.Source<string>();
        var stayer = cache.GetAsync(1, _ => release.Task);

        var leavers = JoinAndLeave(cache, 100);
        Concurrency.Until(() =>
        {
            Concurrency.Collect();
            return !leavers.Any(leaver => leaver.IsAlive);
        });

        release.SetResult("value");
        Assert.Equal("value", await stayer.InTime());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] JoinAndLeave(MethodCache<int, string> cache, int count)
    {
        var leavers = new WeakReference[count];
        for (var i = 0; i < count; i++)
        {
            using var source = new CancellationTokenSource();
            var leaver = cache.GetAsync(1, _ => Task.FromResult("never"), source.Token);
            leavers[i] = new(leaver);
            source.Cancel();
        }

        return leavers;
    }
}
