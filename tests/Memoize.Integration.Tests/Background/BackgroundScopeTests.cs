using Memoize.Isolation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Integration.Tests.Background;

/// <summary>A load that outlives its call runs on services of its own, never on those of a scope that is over.</summary>
[Collection(nameof(Isolated))]
public sealed class BackgroundScopeTests : IDisposable
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    private readonly FakeTimeProvider time = new();
    private readonly Connections connections = new();
    private readonly CacheIsolation isolation;

    public BackgroundScopeTests() => isolation = CacheIsolation.Begin(time);

    public void Dispose() => isolation.Dispose();

    /// <summary>All doors and ways to register: how to register, and how to call what one scope gives.</summary>
    public static TheoryData<string> Ways => new(All.Keys);

    private static readonly Dictionary<string, (Action<IServiceCollection> Register, Func<IServiceProvider, Task<string>> Call)> All = new()
    {
        ["decorator, scoped"] = (services => services.AddScoped<IStore, Store>(), provider => provider.GetRequiredService<IStore>().GetAsync(1)),
        ["decorator, synchronous"] = (services => services.AddScoped<IStore, Store>(), provider => Task.FromResult(provider.GetRequiredService<IStore>().Get(1))),
        ["decorator, transient"] = (services => services.AddTransient<IStore, Store>(), provider => provider.GetRequiredService<IStore>().GetAsync(1)),
        ["decorator, factory"] = (services => services.AddScoped<IStore>(provider => new Store(provider.GetRequiredService<Db>())), provider => provider.GetRequiredService<IStore>().GetAsync(1)),
        ["decorator, keyed"] = (services => services.AddKeyedScoped<IStore, Store>("a"), provider => provider.GetRequiredKeyedService<IStore>("a").GetAsync(1)),
        ["decorator, open"] = (services => services.AddScoped(typeof(IStore<>), typeof(Store<>)), provider => provider.GetRequiredService<IStore<string>>().GetAsync(1)),
        ["decorator, open and keyed"] = (services => services.AddKeyedTransient(typeof(IStore<>), "a", typeof(Store<>)), provider => provider.GetRequiredKeyedService<IStore<string>>("a").GetAsync(1)),
        ["decorator, closed"] = (services => services.AddScoped<IStore<string>, TextStore>(), provider => provider.GetRequiredService<IStore<string>>().GetAsync(1)),
        ["plain, scoped"] = (services => services.AddScoped<PlainStore>(), provider => provider.GetRequiredService<PlainStore>().GetAsync(1)),
        ["plain, refreshed ahead"] = (services => services.AddScoped<PlainStore>(), provider => Task.FromResult(provider.GetRequiredService<PlainStore>().Get(1))),
        ["plain, transient"] = (services => services.AddTransient<PlainStore>(), provider => provider.GetRequiredService<PlainStore>().GetAsync(1)),
        ["plain, factory"] = (services => services.AddScoped(provider => new PlainStore(provider.GetRequiredService<Db>())), provider => provider.GetRequiredService<PlainStore>().GetAsync(1)),
        ["plain, keyed"] = (services => services.AddKeyedScoped<PlainStore>("a"), provider => provider.GetRequiredKeyedService<PlainStore>("a").GetAsync(1)),
        ["partial, disposable"] = (services => services.AddScoped<IPartialStore, PartialStore>(), provider => provider.GetRequiredService<IPartialStore>().GetAsync(1)),
        ["partial, forwarded"] = (services => services.AddScoped<PartialStore>().AddScoped<IPartialStore>(provider => provider.GetRequiredService<PartialStore>()), provider => provider.GetRequiredService<IPartialStore>().GetAsync(1)),
        ["batch"] = (services => services.AddScoped<PlainStore>(), async provider => (await provider.GetRequiredService<PlainStore>().GetManyAsync([1]))[1]),
        ["in the key"] = (services => services.AddScoped<TenantStore>(), provider => provider.GetRequiredService<TenantStore>().GetAsync(1)),
        ["open, by its own word"] = (services => services.AddScoped(typeof(Repository<>)), provider => provider.GetRequiredService<Repository<string>>().GetAsync(1)),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_load_in_the_background_has_a_scope_of_its_own_which_is_disposed_after_it(string way)
    {
        var (register, call) = All[way];
        await using var provider = Provide(register);
        string first;
        await using (var scope = provider.CreateAsyncScope())
            first = await call(scope.ServiceProvider);
        time.Advance(TimeSpan.FromSeconds(way == "plain, refreshed ahead" ? 6 : 11));

        var gate = connections.Hold();
        await using (var scope = provider.CreateAsyncScope())
        {
            for (var again = 0; again < 5; again++)
                Assert.Equal(first, await call(scope.ServiceProvider));
        }

        // The scope of the calls is over; the load is under way, on another.
        Until(() => connections.Uses.Count == 2);
        var own = connections.Uses.Last();
        Assert.DoesNotContain(own, connections.Disposed);
        gate.SetResult();
        Until(() => connections.Disposed.Contains(own));

        await using (var scope = provider.CreateAsyncScope())
        {
            await UntilAsync(async () => await call(scope.ServiceProvider) == "1:2");
            Assert.Equal(2, connections.Uses.Distinct().Count());
        }

        Assert.Single(connections.Disposed, db => db == own);
    }

    [Fact]
    public async Task An_instance_that_no_container_has_made_loads_itself()
    {
        await using var provider = Provide(services => services.AddScoped<PlainStore>());
        await using var scope = provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        var store = new PlainStore(db);
        await store.GetAsync(7);
        time.Advance(TimeSpan.FromSeconds(11));
        await store.GetAsync(7);
        Until(() => connections.Uses.Count == 2);
        Assert.All(connections.Uses, used => Assert.Same(db, used));
    }

    [Fact]
    public async Task A_singleton_loads_itself()
    {
        await using var provider = new ServiceCollection().AddSingleton(connections).AddSingleton<Tenant>().AddSingleton<Db>().AddSingleton<PlainStore>()
            .AddMemoize().BuildServiceProvider(Strict);
        var store = provider.GetRequiredService<PlainStore>();
        await store.GetAsync(8);
        time.Advance(TimeSpan.FromSeconds(11));
        await store.GetAsync(8);
        Until(() => connections.Uses.Count == 2);
        Assert.Single(connections.Uses.Distinct());
    }

    [Fact]
    public async Task When_the_container_is_disposed_the_load_is_skipped_and_the_old_value_goes_on()
    {
        var provider = Provide(services => services.AddScoped<PlainStore>());
        var scope = provider.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<PlainStore>();
        var first = await store.GetAsync(9);
        await scope.DisposeAsync();
        await provider.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(first, await store.GetAsync(9));
        Until(() => PlainStoreCache.GetAsync.Statistics.BackgroundSkipped == 1);
        Assert.Equal(first, await store.GetAsync(9));
        var seen = PlainStoreCache.GetAsync.Statistics;
        Assert.Equal((1, 0, 0, 1, 2), (seen.Loads, seen.BackgroundLoads, seen.LoadFailures, seen.BackgroundSkipped, seen.StaleHits));

        // It is tried again after a while, and not at each hit.
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, await store.GetAsync(9));
        Until(() => PlainStoreCache.GetAsync.Statistics.BackgroundSkipped == 2);
        Assert.Single(connections.Uses);
    }

    [Fact]
    public async Task A_batch_is_skipped_like_a_single_load()
    {
        var provider = Provide(services => services.AddScoped<PlainStore>());
        var store = provider.CreateAsyncScope().ServiceProvider.GetRequiredService<PlainStore>();
        var first = await store.GetManyAsync([20, 21]);
        await provider.DisposeAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(first, await store.GetManyAsync([20, 21]));
        Until(() => PlainStoreCache.GetAsync.Statistics.BackgroundSkipped == 2);
        Assert.Equal(2, PlainStoreCache.GetAsync.Statistics.Loads);
    }

    [Fact]
    public async Task An_instance_with_another_key_loads_nothing_for_this_one()
    {
        await using var provider = Provide(services => services.AddScoped<TenantStore>());
        await using var scope = provider.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Id = "a";
        var store = scope.ServiceProvider.GetRequiredService<TenantStore>();
        var first = await store.GetAsync(1);
        time.Advance(TimeSpan.FromSeconds(11));

        // In the scope of the load, nobody has said who the tenant is.
        Assert.Equal(first, await store.GetAsync(1));
        Until(() => TenantStoreCache.GetAsync.Statistics.BackgroundSkipped == 1);
        Assert.Equal(first, await store.GetAsync(1));
        Assert.Single(connections.Uses);
    }

    [Fact]
    public async Task Two_containers_do_not_meet()
    {
        // Plain caches are of the process, but what loads in the background comes out of the container of the call.
        var elsewhere = new Connections();
        await using var provider = Provide(services => services.AddScoped<PlainStore>());
        await using var other = new ServiceCollection().AddSingleton(elsewhere).AddScoped<Tenant>().AddScoped<Db>().AddScoped<PlainStore>().AddMemoize().BuildServiceProvider(Strict);
        await using var scope = provider.CreateAsyncScope();
        await using var otherScope = other.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlainStore>().GetAsync(30);
        time.Advance(TimeSpan.FromSeconds(11));
        await otherScope.ServiceProvider.GetRequiredService<PlainStore>().GetAsync(30);
        Until(() => elsewhere.Disposed.Count == 1);
        Assert.Single(connections.Uses);
    }

    [Theory]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public async Task What_the_container_disposes_it_disposes_once_as_before(ServiceLifetime lifetime)
    {
        var services = new ServiceCollection().AddSingleton(connections).AddScoped<Tenant>().AddScoped<Db>();
        services.Add(new ServiceDescriptor(typeof(PartialStore), typeof(PartialStore), lifetime));
        await using var provider = services.AddMemoize().BuildServiceProvider(Strict);
        PartialStore store;
        await using (var scope = provider.CreateAsyncScope())
        {
            store = scope.ServiceProvider.GetRequiredService<PartialStore>();
            Assert.Equal(lifetime == ServiceLifetime.Scoped, ReferenceEquals(store, scope.ServiceProvider.GetRequiredService<PartialStore>()));
        }

        Assert.Equal(1, store.Disposals);
    }

    private ServiceProvider Provide(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddSingleton(connections).AddScoped<Tenant>().AddScoped<Db>();
        register(services);
        return services.AddMemoize().BuildServiceProvider(Strict);
    }

    private static void Until(Func<bool> condition)
        => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var start = Environment.TickCount64; !await condition();)
        {
            Assert.True(Environment.TickCount64 - start < 20_000);
            await Task.Yield();
        }
    }
}
