using System.Diagnostics;
using Memoize.Isolation;
using Memoize.Tests.Api;
using Memoize.Tests.Batches;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Observability;

[Collection(nameof(ProcessWide))]
public sealed class LoadActivityTests : IDisposable
{
    private readonly MethodCache<int, string> cache = TestCache.Of(new() { Ttl = 60, StaleWhileRevalidate = 60 });
    private readonly Traced traced;

    public LoadActivityTests() => traced = new(cache.Method);

    public void Dispose() => traced.Dispose();

    private static string Tags(Activity activity) => string.Join(", ", activity.TagObjects.Where(tag => tag.Key != "memoize.method").Select(tag => $"{tag.Key}={tag.Value}"));

    [Fact]
    public void A_load_is_a_part_of_what_its_caller_does_and_the_parent_of_what_it_does_itself()
    {
        using var caller = traced.Caller();
        Activity? inside = null;
        cache.Get(1, _ =>
        {
            inside = Activity.Current;
            return "value";
        });
        cache.Get(1, _ => "never");

        var load = Assert.Single(traced.Loads);
        Assert.Same(load, inside);
        Assert.Same(caller, load.Parent);
        Assert.Same(caller, Activity.Current);
        Assert.Equal(("memoize.load", $"load {cache.Method.Name}", ActivityKind.Internal, ActivityStatusCode.Unset), (load.OperationName, load.DisplayName, load.Kind, load.Status));
        Assert.Equal("memoize.load.result=stored, memoize.load.waiters=0", Tags(load));
    }

    [Fact]
    public async Task An_asynchronous_load_leaves_whoever_completes_it_in_peace()
    {
        var source = new TaskCompletionSource<string>();
        using (traced.Caller())
        {
            var first = cache.GetAsync(1, _ => source.Task);
            var second = cache.GetAsync(1, _ => source.Task);
            using var other = traced.Caller();
            source.SetResult("value");
            Assert.Same(other, Activity.Current);
            await first;
            await second;
            Assert.Same(other, Activity.Current);
        }

        Assert.Equal("memoize.load.result=stored, memoize.load.waiters=1", Tags(traced.Next()));
    }

    [Fact]
    public async Task A_caller_who_has_suppressed_its_context_keeps_it()
    {
        using var caller = traced.Caller();
        var source = new TaskCompletionSource<string>();
        Task<string> load;
        using (ExecutionContext.SuppressFlow())
        {
            load = cache.GetAsync(1, _ => source.Task);
            Assert.Same(caller, Activity.Current);
        }

        source.SetResult("value");
        await load;
        Assert.Equal(caller.SpanId, traced.Next().ParentSpanId);
    }

    [Fact]
    public void A_failure_is_the_status()
    {
        Assert.Throws<InvalidOperationException>(() => cache.Get(1, _ => throw new InvalidOperationException("The database is gone.")));
        var load = traced.Next();
        Assert.Equal((ActivityStatusCode.Error, "The database is gone."), (load.Status, load.StatusDescription));
        Assert.Equal("memoize.load.result=failed, memoize.load.waiters=0, error.type=System.InvalidOperationException", Tags(load));
    }

    [Fact]
    public void What_is_not_stored_has_its_reason()
    {
        cache.Get(1, _ =>
        {
            cache.Evict(1);
            return "value";
        });
        Assert.Equal("memoize.load.result=not_stored, memoize.reason=evicted, memoize.load.waiters=0", Tags(traced.Next()));
    }

    [Fact]
    public void A_load_in_the_background_is_linked_to_the_caller_and_no_part_of_it()
    {
        var time = new FakeTimeProvider();
        using var isolated = CacheIsolation.Begin(time);
        cache.Set(1, "old");
        time.Advance(TimeSpan.FromSeconds(61));
        using var caller = traced.Caller();
        Assert.Equal("old", cache.Get(1, _ => Activity.Current!.OperationName));

        var load = traced.Next();
        Assert.Equal(default, load.ParentSpanId);
        Assert.NotEqual(caller.TraceId, load.TraceId);
        Assert.Equal(caller.Context, Assert.Single(load.Links).Context);
        Assert.Equal("memoize.load", cache.Get(1, _ => "never"));
    }

    [Fact]
    public void The_load_of_a_batch_is_one_activity()
    {
        using var caller = traced.Caller();
        new BatchCalls(cache).Get(1, 2, 3);
        var load = Assert.Single(traced.Loads);
        Assert.Equal(caller.SpanId, load.ParentSpanId);
        Assert.Equal($"load {BatchCalls.Name}", load.DisplayName);
        Assert.Equal($"memoize.batch.method={BatchCalls.Name}, memoize.batch.keys=3, memoize.load.result=stored, memoize.load.waiters=0", Tags(load));
    }

    [Fact]
    public void A_listener_that_throws_harms_no_call()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Memoize",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Tags!.Any(tag => cache.Method.Name.Equals(tag.Value)) ? throw new InvalidOperationException() : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        using var caller = traced.Caller();
        Assert.Equal("value", cache.Get(1, _ => "value"));
        Assert.Same(caller, Activity.Current);
    }
}
