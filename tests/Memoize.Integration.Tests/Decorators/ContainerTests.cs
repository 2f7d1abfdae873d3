using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Memoize.Integration.Tests.Decorators;

/// <summary>Reads, writes, asks for many.</summary>
public interface IAccounts
{
    [Cached(Ttl = 300)]
    Task<string?> GetAsync(int id, CancellationToken ct = default);

    [CachedBatch(nameof(GetAsync))]
    Task<IReadOnlyDictionary<int, string>> GetManyAsync(IReadOnlyCollection<int> ids, CancellationToken ct = default);

    [Evicts(nameof(GetAsync))]
    Task SetAsync(int id, string name);

    [Updates(nameof(GetAsync))]
    Task<string> RenameAsync(int id, string name);

    [Cached(Ttl = 300)]
    T? Parse<T>(int id)
        where T : class;
}

/// <summary>Names that outlive the instances that read them, as a database does.</summary>
public sealed class Ledger
{
    public Dictionary<int, string> Names { get; } = [];

    public List<string> Reads { get; } = [];

    public List<Accounts> Made { get; } = [];
}

/// <summary>What reads it, and is disposed in two ways.</summary>
public sealed class Accounts : IAccounts, IDisposable, IAsyncDisposable
{
    private readonly Ledger ledger;

    public Accounts(Ledger ledger)
    {
        this.ledger = ledger;
        ledger.Made.Add(this);
    }

    public int Disposals { get; private set; }

    public Task<string?> GetAsync(int id, CancellationToken ct = default)
    {
        ledger.Reads.Add($"{id}");
        return Task.FromResult(ledger.Names.GetValueOrDefault(id));
    }

    public Task<IReadOnlyDictionary<int, string>> GetManyAsync(IReadOnlyCollection<int> ids, CancellationToken ct = default)
    {
        ledger.Reads.Add($"[{string.Join(",", ids)}]");
        return Task.FromResult<IReadOnlyDictionary<int, string>>(ids.Where(ledger.Names.ContainsKey).ToDictionary(id => id, id => ledger.Names[id]));
    }

    public Task SetAsync(int id, string name)
    {
        ledger.Names[id] = name;
        return Task.CompletedTask;
    }

    public Task<string> RenameAsync(int id, string name)
    {
        ledger.Names[id] = name;
        return Task.FromResult(name);
    }

    public T? Parse<T>(int id)
        where T : class
    {
        ledger.Reads.Add($"{typeof(T).Name} {id}");
        return typeof(T) == typeof(string) ? (T)(object)$"{id}" : null;
    }

    public void Dispose() => Disposals++;

    public ValueTask DisposeAsync()
    {
        Disposals++;
        return default;
    }
}

/// <summary>Decorators in a container that checks everything it can check.</summary>
public sealed class ContainerTests
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (ServiceProvider Provider, Ledger Ledger) Build(Action<IServiceCollection> register)
    {
        var ledger = new Ledger { Names = { [1] = "one", [2] = "two", [3] = "three" } };
        var services = new ServiceCollection().AddSingleton(ledger);
        register(services);
        services.AddMemoize();
        services.AddMemoize();
        return (services.BuildServiceProvider(Strict), ledger);
    }

    [Theory]
    [InlineData(ServiceLifetime.Transient)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Singleton)]
    public async Task Reads_writes_and_batches_of_all_scopes_meet_in_the_cache_of_the_registration(ServiceLifetime lifetime)
    {
        var (provider, ledger) = Build(services => services.Add(ServiceDescriptor.Describe(typeof(IAccounts), typeof(Accounts), lifetime)));
        await using (provider)
        {
            async Task<T> In<T>(Func<IAccounts, Task<T>> call)
            {
                await using var scope = provider.CreateAsyncScope();
                return await call(scope.ServiceProvider.GetRequiredService<IAccounts>());
            }

            Assert.Equal("one", await In(accounts => accounts.GetAsync(1, Token)));
            Assert.Equal("one", await In(accounts => accounts.GetAsync(1, Token)));
            Assert.Equal(["one", "two", "three"], (await In(accounts => accounts.GetManyAsync([1, 2, 3], Token))).OrderBy(pair => pair.Key).Select(pair => pair.Value));
            Assert.Equal("three", await In(accounts => accounts.GetAsync(3, Token)));
            Assert.Equal(["1", "[2,3]"], ledger.Reads);

            await In(async accounts => { await accounts.SetAsync(2, "zwei"); return 0; });
            Assert.Equal("zwei", await In(accounts => accounts.GetAsync(2, Token)));
            Assert.Equal("drei", await In(accounts => accounts.RenameAsync(3, "drei")));
            Assert.Equal("drei", await In(accounts => accounts.GetAsync(3, Token)));
            Assert.Equal(["1", "[2,3]", "2"], ledger.Reads);

            Assert.Equal(("7", "7", null, null), (
                await In(accounts => Task.FromResult(accounts.Parse<string>(7))),
                await In(accounts => Task.FromResult(accounts.Parse<string>(7))),
                await In(accounts => Task.FromResult(accounts.Parse<object>(7))),
                await In(accounts => Task.FromResult(accounts.Parse<object>(7)))));
            Assert.Equal(["1", "[2,3]", "2", "String 7", "Object 7"], ledger.Reads);
        }

        Assert.NotEmpty(ledger.Made);
        Assert.All(ledger.Made, accounts => Assert.Equal(1, accounts.Disposals));
    }

    [Fact]
    public async Task A_write_through_one_registration_is_stored_there_and_forgotten_elsewhere()
    {
        var (provider, ledger) = Build(services => services.AddSingleton<IAccounts, Accounts>().AddSingleton<IAccounts, Accounts>().AddKeyedSingleton<IAccounts, Accounts>("k"));
        await using (provider)
        {
            IAccounts[] all = [.. provider.GetServices<IAccounts>(), provider.GetRequiredKeyedService<IAccounts>("k")];
            Assert.Equal(3, all.Distinct().Count());
            foreach (var accounts in all)
                await accounts.GetAsync(1, Token);
            Assert.Equal(3, ledger.Reads.Count);

            await all[2].RenameAsync(1, "eins");
            foreach (var accounts in all.Concat(all))
                Assert.Equal("eins", await accounts.GetAsync(1, Token));
            Assert.Equal(5, ledger.Reads.Count);

            await all[0].SetAsync(1, "uno");
            foreach (var accounts in all.Concat(all))
                Assert.Equal("uno", await accounts.GetAsync(1, Token));
            Assert.Equal(8, ledger.Reads.Count);
        }
    }

    [Fact]
    public async Task What_a_factory_makes_is_disposed_once_and_an_instance_never()
    {
        var foreign = new Ledger();
        var instance = new Accounts(foreign);
        var (provider, ledger) = Build(services => services
            .AddScoped<IAccounts>(p => new Accounts(p.GetRequiredService<Ledger>()))
            .AddKeyedTransient<IAccounts>("t", (p, _) => new Accounts(p.GetRequiredService<Ledger>()))
            .AddKeyedSingleton<IAccounts>("i", instance));
        await using (provider)
        {
            await using (var scope = provider.CreateAsyncScope())
            {
                await scope.ServiceProvider.GetRequiredService<IAccounts>().GetAsync(1, Token);
                await scope.ServiceProvider.GetRequiredKeyedService<IAccounts>("t").GetAsync(1, Token);
                await scope.ServiceProvider.GetRequiredKeyedService<IAccounts>("i").GetAsync(1, Token);
            }

            Assert.Equal([1, 1], ledger.Made.Select(accounts => accounts.Disposals));
        }

        Assert.Equal([1, 1], ledger.Made.Select(accounts => accounts.Disposals));
        Assert.Equal(0, instance.Disposals);
    }

    [Fact]
    public void A_scoped_service_behind_a_singleton_is_found_when_the_container_is_built_or_asked()
    {
        var services = new ServiceCollection().AddScoped<Ledger>().AddSingleton<IAccounts, Accounts>().AddMemoize();
        Assert.Contains("Cannot consume scoped service", Assert.Throws<AggregateException>(() => services.BuildServiceProvider(Strict)).Message, StringComparison.Ordinal);

        var scoped = new ServiceCollection().AddSingleton<Ledger>().AddScoped<IAccounts, Accounts>().AddMemoize();
        using var provider = scoped.BuildServiceProvider(Strict);
        Assert.Contains("from root provider", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IAccounts>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_is_not_registered_is_found_when_the_container_is_built()
    {
        var services = new ServiceCollection().AddSingleton<IAccounts, Accounts>().AddMemoize();
        Assert.Contains("Unable to resolve service for type", Assert.Throws<AggregateException>(() => services.BuildServiceProvider(Strict)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_replaces_a_registration_after_AddMemoize_is_decorated_by_another_AddMemoize_and_only_then()
    {
        var services = new ServiceCollection().AddSingleton<Ledger>().AddSingleton<IAccounts, Accounts>().AddMemoize();
        var fake = new Accounts(new Ledger());
        services.Replace(ServiceDescriptor.Singleton<IAccounts>(fake));
        using (var provider = services.BuildServiceProvider(Strict))
            Assert.Same(fake, provider.GetRequiredService<IAccounts>());

        services.AddMemoize();
        using (var provider = services.BuildServiceProvider(Strict))
            Assert.Same(fake, Assert.IsType<CachedAccounts>(provider.GetRequiredService<IAccounts>()) is ICachedDecorator decorator ? decorator.Inner : null);
    }

    [Fact]
    public async Task A_decorator_is_tested_with_a_fake_and_no_container()
    {
        var ledger = new Ledger { Names = { [1] = "one" } };
        await using var fake = new Accounts(ledger);
        var accounts = new CachedAccounts(fake);
        Assert.Equal("one", await accounts.GetAsync(1, Token));
        await accounts.RenameAsync(1, "eins");
        Assert.Equal("eins", await accounts.GetAsync(1, Token));
        Assert.Equal(["1"], ledger.Reads);
    }
}
