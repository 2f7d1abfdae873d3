using System.Reflection;
using System.Xml.Linq;
using Memoize.Integration.Library;
using Memoize.Integration.Tests.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What FusionCache 2 promises in its README, in one process; its words stand above each test.</summary>
[Collection(nameof(Isolated))]
public sealed partial class FusionCachePromises
{
    // Cache stampede: automatic protection, local (single node).
    [Fact]
    public async Task Cache_stampede_in_one_process()
    {
        using var bench = new Bench();
        var opened = new TaskCompletionSource();
        bench.Source.Gate = opened.Task;
        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => Fusion.LoadAsync(1, bench.Source))).ToArray();
        await Bench.Until(() => bench.Source.Runs == 1);
        opened.SetResult();
        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("1#1", value));
        Assert.Equal(1, bench.Source.Runs);
    }

    // Fail-safe: a mechanism to avoid transient failures, by reusing an expired entry as a temporary fallback.
    [Fact]
    public void Fail_safe()
    {
        using var bench = new Bench();
        Assert.Equal("1#1", Fusion.Resilient(1, bench.Source));
        bench.Pass(61);
        bench.Source.Fails = true;
        Assert.Equal("1#1", Fusion.Resilient(1, bench.Source));
        bench.Pass(601);
        Assert.Throws<IOException>(() => Fusion.Resilient(1, bench.Source));
    }

    // Fail-safe throttle duration: how long an expired value, used because of a failure, is used before the factory is tried again.
    [Fact]
    public void Fail_safe_throttling()
    {
        using var bench = new Bench();
        Fusion.Resilient(1, bench.Source);
        bench.Pass(61);
        bench.Source.Fails = true;
        for (var i = 0; i < 10; i++)
            Assert.Equal("1#1", Fusion.Resilient(1, bench.Source));
        Assert.Equal(2, bench.Source.Runs);
        bench.Source.Fails = false;
        bench.Pass(10);
        Assert.Equal("1#3", Fusion.Resilient(1, bench.Source));
    }

    // Soft timeout: a slow factory will not slow down your application, when there is a fallback value.
    [Fact]
    public async Task Soft_timeout()
    {
        using var bench = new Bench();
        Assert.Equal("1#1", await Fusion.PatientAsync(1, bench.Source));
        bench.Pass(61);
        bench.Source.Gate = new TaskCompletionSource().Task;
        var call = Fusion.PatientAsync(1, bench.Source);
        Assert.False(call.IsCompleted);
        bench.Pass(2.1);
        Assert.Equal("1#1", await call);
    }

    // Hard timeout: the maximum time a call may take, when there is no fallback value.
    [Fact]
    public async Task Hard_timeout()
    {
        using var bench = new Bench();
        bench.Source.Gate = new TaskCompletionSource().Task;
        var call = Fusion.PatientAsync(1, bench.Source);
        bench.Pass(2.1);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    // Eager refresh: start a non-blocking background refresh before the expiration occurs.
    [Fact]
    public async Task Eager_refresh()
    {
        using var bench = new Bench();
        Assert.Equal("1#1", await Fusion.EagerAsync(1, bench.Source));
        bench.Pass(49);
        Assert.Equal("1#1", await Fusion.EagerAsync(1, bench.Source));
        Assert.Equal(1, bench.Source.Runs);
        bench.Pass(2);
        Assert.Equal("1#1", await Fusion.EagerAsync(1, bench.Source));
        await Bench.Until(() => Fusion.EagerAsync(1, bench.Source).Result == "1#2");
        bench.Pass(40);
        Assert.Equal("1#2", await Fusion.EagerAsync(1, bench.Source));
        Assert.Equal(2, bench.Source.Runs);
    }

    // Named caches: easily work with multiple named caches, even if differently configured.
    [Fact]
    public void Named_caches()
    {
        using var bench = new Bench();
        Assert.Equal(("1#1", "1#2"), (Fusion.Short(1, bench.Source), Fusion.Long(1, bench.Source)));
        bench.Pass(11);
        Assert.Equal(("1#3", "1#2"), (Fusion.Short(1, bench.Source), Fusion.Long(1, bench.Source)));
        Assert.Equal(10, Memo.Caches.Single(method => method.Name == "peers-short").Options.Ttl);
        Assert.Equal(1000, Memo.Caches.Single(method => method.Name == "peers-long").Options.Ttl);
    }

    // Tagging: tags can be associated to entries, to later expire them all at once.
    [Fact]
    public void Tagging()
    {
        using var bench = new Bench();
        Fusion.Tagged(1, "a", bench.Source);
        Fusion.Tagged(1, "b", bench.Source);
        Fusion.Tagged(2, "a", bench.Source);
        Assert.Equal(2, Memo.EvictTag($"customer:{1}"));
        Assert.Equal(("1a#4", "1b#5", "2a#3"), (Fusion.Tagged(1, "a", bench.Source), Fusion.Tagged(1, "b", bench.Source), Fusion.Tagged(2, "a", bench.Source)));
    }

    // Clear: clear an entire cache.
    [Fact]
    public void Clear()
    {
        using var bench = new Bench();
        Fusion.Short(1, bench.Source);
        Fusion.Long(1, bench.Source);
        FusionCache.Long.Clear();
        Assert.Equal(("1#1", "1#3"), (Fusion.Short(1, bench.Source), Fusion.Long(1, bench.Source)));
        Memo.ClearAll();
        Assert.Equal(("1#4", "1#5"), (Fusion.Short(1, bench.Source), Fusion.Long(1, bench.Source)));
    }

    // Adaptive caching: for when you don't know upfront the entry options (eg: Duration), since they depend on the value being cached.
    [Fact]
    public void Adaptive_caching()
    {
        using var bench = new Bench();
        Fusion.Adaptive(10, bench.Source);
        Fusion.Adaptive(20, bench.Source);
        bench.Pass(15);
        Assert.Equal(("20#2", "10#3"), (Fusion.Adaptive(20, bench.Source), Fusion.Adaptive(10, bench.Source)));
    }

    // Dependency injection + builder: native support, with a nice fluent interface.
    [Fact]
    public void Dependency_injection_and_builder()
    {
        using var bench = new Bench();
        using var provider = new ServiceCollection().AddSingleton(bench.Source).AddScoped<IFusionShop, FusionShop>()
            .AddMemoize(memo => memo.AddMethodsOf(typeof(Fusion))).BuildServiceProvider();
        for (var i = 0; i < 3; i++)
        {
            using var scope = provider.CreateScope();
            Assert.Equal("7#1", scope.ServiceProvider.GetRequiredService<IFusionShop>().Find(7));
        }
    }

    // Fully sync/async: native support for both the synchronous and asynchronous programming model.
    [Fact]
    public async Task Fully_sync_and_async()
    {
        using var bench = new Bench();
        Assert.Equal(Fusion.Long(1, bench.Source), Fusion.Long(1, bench.Source));
        Assert.Equal(await Fusion.LoadAsync(1, bench.Source), await Fusion.LoadAsync(1, bench.Source));
        Assert.Equal(await Fusion.LoadValueAsync(1, bench.Source), await Fusion.LoadValueAsync(1, bench.Source));
        Assert.Equal(3, bench.Source.Runs);
    }

    // OpenTelemetry: native observability support. (OpenTelemetryTests have its SDK and an exporter.)
    [Fact]
    public void OpenTelemetry()
    {
        using var bench = new Bench();
        using var meter = new Metered(FusionCache.Long);
        Fusion.Long(1, bench.Source);
        Fusion.Long(1, bench.Source);
        Assert.Equal(["memoize.entries = 1", "memoize.hits = 1", "memoize.load.duration stored = 1", "memoize.loads = 1", "memoize.misses = 1"], meter.Collect());
    }

    // Logging: comprehensive, structured, via the standard ILogger interface.
    [Fact]
    public void Logging()
    {
        using var bench = new Bench();
        using var lines = new LogLines();
        Fusion.Resilient(1, bench.Source);
        bench.Pass(61);
        bench.Source.Fails = true;
        Fusion.Resilient(1, bench.Source);
        Assert.Equal("StaleServed", lines.Only.Name);
        Assert.Contains(FusionCache.Resilient.Name, lines.Only.Values);
    }

    // High performance: optimized to minimize CPU usage and memory allocations. A hit makes no garbage at all.
    [Fact]
    public void Few_allocations()
    {
        var source = new Stock();
        Fusion.Long(1, source);
        var allocated = long.MaxValue;
        for (var trial = 0; trial < 5 && allocated > 0; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                Fusion.Long(1, source);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal((0L, 1), (allocated, source.Runs));
    }

    // Null caching: explicitly supports caching of null values differently than "no value".
    [Fact]
    public void Null_caching()
    {
        using var bench = new Bench();
        Assert.Null(Fusion.Nothing(1, bench.Source));
        Assert.Null(Fusion.Nothing(1, bench.Source));
        Assert.Equal(1, bench.Source.Runs);
        Assert.True(FusionCache.Nothing.TryGet(1, out var remembered));
        Assert.Null(remembered);
        Assert.False(FusionCache.Nothing.TryGet(2, out _));
    }

    // Dynamic jittering: a small randomized duration, so that entries do not expire together. Here it only ever shortens.
    [Fact]
    public void Jitter()
    {
        using var bench = new Bench();
        for (var id = 0; id < 100; id++)
            Fusion.Jittered(id, bench.Source);
        bench.Pass(79);
        for (var id = 0; id < 100; id++)
            Fusion.Jittered(id, bench.Source);
        Assert.Equal(100, bench.Source.Runs);
        bench.Pass(11);
        Assert.InRange(FusionCache.Jittered.Statistics.Count - Enumerable.Range(0, 100).Count(id => FusionCache.Jittered.TryGet(id, out _)), 1, 99);
        bench.Pass(11);
        Assert.DoesNotContain(Enumerable.Range(0, 100), id => FusionCache.Jittered.TryGet(id, out _));
    }

    // Cancellation: every method supports cancellation via the standard CancellationToken.
    [Fact]
    public async Task Cancellation()
    {
        using var bench = new Bench();
        using var impatient = new CancellationTokenSource();
        var opened = new TaskCompletionSource();
        bench.Source.Gate = opened.Task;
        var leaves = Fusion.LoadAsync(1, bench.Source, impatient.Token);
        var stays = Fusion.LoadAsync(1, bench.Source);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        opened.SetResult();
        Assert.Equal("1#1", await stays);
    }

    // Code comments: every property and method is fully documented in code.
    [Fact]
    public void Documented_in_code()
    {
        var documented = XDocument.Load(Path.ChangeExtension(typeof(Memo).Assembly.Location, ".xml")).Descendants("member")
            .Select(member => (string)member.Attribute("name")!).ToHashSet();
        var missing = typeof(Memo).Assembly.GetExportedTypes()
            .Where(type => type.Namespace is "Memoize" or "Memoize.Tiers" or "Memoize.Isolation")
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => $"P:{property.DeclaringType!.FullName}.{property.Name}")
            .Concat(typeof(Memo).Assembly.GetExportedTypes().Select(type => $"T:{type.FullName}".Replace('+', '.')))
            .Where(name => !documented.Contains(name));
        Assert.Empty(missing);
    }

    // Fully annotated for nullability.
    [Fact]
    public void Annotated_for_nullability()
    {
        var nullability = new NullabilityInfoContext();
        Assert.Equal(NullabilityState.Nullable, nullability.Create(typeof(Memo).GetProperty(nameof(Memo.LoggerFactory))!).ReadState);
        Assert.Equal(NullabilityState.NotNull, nullability.Create(typeof(Memo).GetProperty(nameof(Memo.TimeProvider))!).ReadState);
        var value = FusionCache.Nothing.GetType().GetMethod("TryGet", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)!.GetParameters().Last();
        Assert.Equal(NullabilityState.Nullable, nullability.Create(value).ReadState);
    }
}
