using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Memoize.Tags;

namespace Memoize.Tests.Api;

/// <summary>Caches live as long as what they belong to, and keep nothing else alive.</summary>
public class LifetimeTests
{
    private sealed class Service
    {
        private readonly byte[] weight = new byte[1000];

        public byte[] Weight => weight;
    }

    private sealed record View(Service Of, int Number);

    [Fact]
    public void An_instance_has_one_cache_of_its_own()
    {
        var caches = TestCache.Method().CreateInstanceCaches<Service, int, string>();
        var (one, two) = (new Service(), new Service());
        caches.For(one).Set(1, "one");

        Assert.Same(caches.For(one), caches.For(one));
        Assert.False(caches.For(two).TryGet(1, out _));
        Assert.Throws<ArgumentNullException>(() => caches.For(null!));
    }

    [Fact]
    public async Task Many_threads_get_the_same_cache_of_an_instance()
    {
        for (var round = 0; round < 50; round++)
        {
            var caches = TestCache.Method().CreateInstanceCaches<Service, int, string>();
            var instance = new Service();
            var seen = await Task.WhenAll(Concurrency.OnThreads(4, _ => caches.For(instance))).InTime();
            Assert.Single(seen.Distinct());
        }
    }

    [Fact]
    public void A_cache_does_not_keep_its_instance_alive_not_even_when_its_values_refer_to_it()
    {
        var method = TestCache.Method(new() { Ttl = 1000, Sliding = 100 });
        var caches = method.CreateInstanceCaches<Service, int, View>();
        var instances = Use(caches, 20);
        Concurrency.Until(() =>
        {
            Concurrency.Collect();
            return !instances.Any(instance => instance.IsAlive);
        });

        // What they have done stays in the sums.
        Assert.Equal((0, 20, 20), (method.Count, method.Statistics.Loads, method.Statistics.Hits));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Use(InstanceCaches<Service, int, View> caches, int count)
        => [.. Enumerable.Range(0, count).Select(i =>
        {
            var service = new Service();
            caches.For(service).Get(i, _ => new View(service, service.Weight.Length));
            caches.For(service).GetAsync(i, _ => Task.FromResult(new View(service, 0))).Block();
            return new WeakReference(service);
        })];

    [Fact]
    public void An_assembly_with_cached_methods_can_be_unloaded()
    {
        var (context, name) = LoadAndUse();
        Assert.True(IsListed(name));
        Unload(context);

        Concurrency.Until(() =>
        {
            Concurrency.Collect();
            return !context.IsAlive;
        });
        Assert.False(IsListed(name));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsListed(string name) => Memo.Caches.Any(method => method.Name == name);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Context, string Name) LoadAndUse()
    {
        // A second copy of this very assembly; Memoize itself is shared with it.
        var context = new AssemblyLoadContext("plugin", isCollectible: true);
        var assembly = context.LoadFromAssemblyPath(typeof(Plugin).Assembly.Location);
        var plugin = assembly.GetType(typeof(Plugin).FullName!)!;
        Assert.NotSame(typeof(Plugin), plugin);
        var name = (string)plugin.GetMethod(nameof(Plugin.Use), BindingFlags.Static | BindingFlags.Public)!.Invoke(null, null)!;
        return (new(context), name);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Unload(WeakReference context) => ((AssemblyLoadContext)context.Target!).Unload();
}

/// <summary>Uses everything that could keep an assembly alive: its own key and value types, tasks, lifetimes, instances, failures.</summary>
public static class Plugin
{
    public static readonly CachedMethod Method = new($"Plugin.Use() {Guid.NewGuid()}", new() { Ttl = 1000, Sliding = 500 });
    private static readonly MethodCache<Key, Value> Cache = Method.CreateCache<Key, Value>();
    private static readonly InstanceCaches<Value, Key, Value> Instances = Method.CreateInstanceCaches<Value, Key, Value>();

    private readonly record struct Key(int Number);

    private sealed record Value(int Number);

    private sealed class Handle() : CacheHandle(Method);

    public static string Use()
    {
        using var source = new CancellationTokenSource();
        Cache.Get(new(1), _ => new(1));
        Cache.Get(new(1), _ => new(1));
        Cache.GetAsync(new(2), async _ =>
        {
            await Task.Yield();
            return await Cache.GetAsync(new(3), _ => Task.FromResult(new Value(3)));
        }, source.Token).Block();
        try
        {
            Cache.Get(new(4), _ => Cache.Get(new(4), _ => new(4)));
        }
        catch (InvalidOperationException)
        {
        }

        EntryRules<Value> rules = new() { Tags = [EntryTag.Of("plugin"), EntryTag.Part(0, new Key(6))] };
        Instances.For(new(5)).Get(new(5), _ => new(5), rules);
        Cache.Get(new(6), _ => new(6), rules);
        Memo.EvictTag("plugin");
        Cache.Get(new(6), _ => new(6), rules);
        Cache.GetAsync(new(7), _ => Task.FromResult(new Value(7)), rules).Block();
        Cache.EvictWhere(EntryTag.Part(0, new Key(7)));
        using (var update = new Handle().BeginUpdate())
            Cache.Set(new(8), new(8), rules, update);

        return Method.Name;
    }
}
