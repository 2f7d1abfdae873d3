using Memoize.Tags;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Model;

/// <summary>Tells a story to the model and to a real cache, and compares them after every step.</summary>
internal sealed class Story
{
    private const int Keys = 3;
    private const double Ttl = 10;

    private readonly SequentialModel model = new(Ttl);
    private readonly CachedMethod method;
    private readonly MethodCache<int, string> cache;
    private readonly List<CacheUpdate> updates = [];
    private readonly List<(TaskCompletionSource<string> End, CancellationToken Token)> loads = [];
    private readonly List<(Task<string> Call, CancellationTokenSource Source)> callers = [];

    private readonly FakeTimeProvider time;

    private Story(FakeTimeProvider time, Eviction eviction)
    {
        this.time = time;
        method = TestCache.Method(new() { Ttl = Ttl, Eviction = eviction });
        cache = method.CreateCache<int, string>();
    }

    private sealed class Handle(CachedMethod method) : CacheHandle(method);

    // The tag of a key; parts of keys are tags, too, that no other cache of the process has.
    private static EntryTag TagOf(int key) => EntryTag.Part(0, key % 2);

    private static EntryRules<string> RulesOf(int key) => new() { Tags = [TagOf(key)] };

    public static void Tell(IEnumerable<Operation> operations, FakeTimeProvider time, Eviction eviction)
    {
        var story = new Story(time, eviction);
        foreach (var operation in operations)
        {
            story.Happens(operation);
            story.Compare();
        }

        foreach (var load in story.model.Running.ToArray())
            story.EndLoad(load, fails: false);
        story.Compare();
        Assert.All(story.model.Callers, caller => Assert.NotNull(caller.Outcome));
        story.CompareStatistics();
    }

    private void Happens(Operation operation)
    {
        switch (operation.Act)
        {
            case Act.Call or Act.Refresh:
                Call(operation);
                break;
            case Act.Complete or Act.Fail when model.Running.ToArray() is { Length: > 0 } running:
                EndLoad(running[operation.Pick % running.Length], operation.Act == Act.Fail);
                break;
            case Act.Cancel when model.CanLeave.ToArray() is { Length: > 0 } canLeave:
                var caller = canLeave[operation.Pick % canLeave.Length];
                model.Cancel(caller);
                callers[model.Callers.IndexOf(caller)].Source.Cancel();
                break;
            case Act.Evict:
                Assert.Equal(model.Evict(operation.Key), cache.Evict(operation.Key));
                break;
            case Act.Set:
                var value = $"set {operation.Pick}";
                model.Set(operation.Key, value);
                cache.Set(operation.Key, value, RulesOf(operation.Key));
                break;
            case Act.Clear:
                model.Clear();
                cache.Clear();
                break;
            case Act.EvictTag:
                Assert.Equal(model.EvictTag(operation.Key), cache.EvictWhere(TagOf(operation.Key)));
                break;
            case Act.BeginUpdate:
                model.BeginUpdate();
                updates.Add(new Handle(method).BeginUpdate());
                break;
            case Act.EndUpdate when updates.Count > 0:
                var at = operation.Pick % updates.Count;
                model.EndUpdate(model.Updates[at], operation.Key, $"write {operation.Pick}");
                cache.Set(operation.Key, $"write {operation.Pick}", RulesOf(operation.Key), updates[at]);
                updates[at].Dispose();
                updates.RemoveAt(at);
                break;
            case Act.Wait:
                model.Wait(4);
                time.Advance(TimeSpan.FromSeconds(4));
                break;
        }
    }

    private void Call(Operation operation)
    {
        // A thread that joins another's refresh leaves no mark by which to know that it has.
        if (operation.Act == Act.Refresh && model.Running.Any(load => load.Key == operation.Key))
            operation = operation with { Blocks = false };

        var expected = model.Call(operation);
        var source = new CancellationTokenSource();
        var token = operation.HasToken ? source.Token : default;
        var key = operation.Key;
        callers.Add((operation switch
        {
            { Blocks: true, Act: Act.Call } => Concurrency.OnThread(() => cache.Get(key, Block, RulesOf(key), token)),
            { Blocks: true } => Concurrency.OnThread(() => cache.Refresh(key, Block, RulesOf(key), token)),
            { Act: Act.Call } => cache.GetAsync(key, Begin, RulesOf(key), token),
            _ => cache.RefreshAsync(key, Begin, RulesOf(key), token),
        }, source));

        // Only a thread is not there yet. It is when it has begun a load, or has been counted.
        if (!operation.Blocks || expected.Outcome is not null)
            return;
        if (expected.WaitsFor!.Starter == expected)
            Concurrency.Until(() => Begun == model.Loads.Count);
        else
            cache.HasMissed(model.Statistics.Misses);
    }

    private int Begun
    {
        get
        {
            lock (loads)
                return loads.Count;
        }
    }

    private string Block(CancellationToken token) => Begin(token).GetAwaiter().GetResult();

    private Task<string> Begin(CancellationToken token)
    {
        // Completed where the story says so, continuations included: when the step is over, the cache has seen it.
        var end = new TaskCompletionSource<string>();
        lock (loads)
            loads.Add((end, token));
        return end.Task;
    }

    private void EndLoad(SequentialModel.Load load, bool fails)
    {
        var real = loads[model.Loads.IndexOf(load)].End;
        model.End(load, fails);
        if (fails)
            real.SetException(new InvalidTimeZoneException());
        else
            real.SetResult(model.ValueOf(load));

        // A thread that runs its load publishes the value a moment later.
        if (load.Starter.Blocks)
            Concurrency.Until(() => callers[model.Callers.IndexOf(load.Starter)].Call.IsCompleted);
    }

    private void Compare()
    {
        Assert.Equal(model.Loads.Count, Begun);
        for (var i = 0; i < loads.Count; i++)
        {
            var (_, token) = loads[i];
            if (model.Loads[i].IsAbandoned)
                Concurrency.Until(() => token.IsCancellationRequested);
            else
                Assert.False(token.IsCancellationRequested);
        }

        for (var i = 0; i < callers.Count; i++)
        {
            if (model.Callers[i].Outcome is { } outcome)
                Assert.Equal(outcome, Outcome(callers[i].Call));
            else
                Assert.False(callers[i].Call.IsCompleted);
        }

        for (var key = 0; key < Keys; key++)
            Assert.Equal(model.Peek(key), cache.Peek(key, out var value) ? value : null);
        Assert.Equal(cache.Count, cache.Tagged.Keys);
    }

    private static string Outcome(Task<string> call)
    {
        try
        {
            return call.Block();
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (InvalidTimeZoneException)
        {
            return "failed";
        }
    }

    private void CompareStatistics()
    {
        var seen = cache.Statistics;
        Assert.Equal(model.Statistics with { EvictionsByRequest = 0 }, seen with
        {
            Count = 0,
            LoadTime = default,
            EvictionsByCapacity = 0,
            EvictionsByExpiry = 0,
            EvictionsByRequest = 0,
        });
        Assert.Equal(0, seen.EvictionsByCapacity);
        Assert.True(seen.EvictionsByRequest >= model.Statistics.EvictionsByRequest);
    }
}
