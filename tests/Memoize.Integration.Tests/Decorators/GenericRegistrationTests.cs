using Memoize.Integration.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Memoize.Integration.Tests.Decorators;

/// <summary>Says which instance answers, and counts its calls and its disposals.</summary>
public class Texts<T> : IRepository<T>, IDisposable
    where T : class
{
    private readonly string source;

    public Texts()
        : this(typeof(T).Name)
    {
    }

    public Texts(string source) => this.source = source;

    public int Calls { get; private set; }

    public int Disposals { get; private set; }

    public Task<T?> FindAsync(int id, CancellationToken ct = default)
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        Calls++;
        return Task.FromResult(typeof(T) == typeof(string) ? (T?)(object)$"{source} {id}" : Activator.CreateInstance<T>());
    }

    public void Dispose()
    {
        Disposals++;
        GC.SuppressFinalize(this);
    }
}

/// <summary>Another implementation.</summary>
public sealed class OtherTexts<T> : Texts<T>
    where T : class;

/// <summary>A closed one.</summary>
public sealed class Orders : Texts<string>
{
    public Orders()
        : base("orders")
    {
    }
}

/// <summary>Wants to know its key.</summary>
public sealed class KeyedTexts<T>([ServiceKey] string key) : Texts<T>(key)
    where T : class;

/// <summary>A generic interface with everything that a registration can be asked for.</summary>
public interface IPair<TKey, TValue> : IDisposable
    where TKey : notnull
{
    [Cached(Ttl = 300)]
    string Describe(int id);

    TValue? Other(TKey key);
}

public sealed class Pair<TKey, TValue> : IPair<TKey, TValue>
    where TKey : notnull
{
    public int Calls { get; private set; }

    public int Disposals { get; private set; }

    public string Describe(int id) => $"{typeof(TKey).Name} {typeof(TValue).Name} {id} {++Calls}";

    public TValue? Other(TKey key) => default;

    public void Dispose() => Disposals++;
}

/// <summary><c>AddMemoize</c> puts the decorator of a generic interface before open registrations and closed ones; nobody names it.</summary>
public sealed class GenericRegistrationTests
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Texts<T> Behind<T>(IRepository<T> repository)
        where T : class
        => Assert.IsType<Texts<T>>(Assert.IsType<CachedRepository<T>>(repository, exactMatch: false) is ICachedDecorator decorator ? decorator.Inner : null, exactMatch: false);

    [Theory]
    [InlineData(ServiceLifetime.Transient, null)]
    [InlineData(ServiceLifetime.Scoped, null)]
    [InlineData(ServiceLifetime.Singleton, null)]
    [InlineData(ServiceLifetime.Transient, "k")]
    [InlineData(ServiceLifetime.Scoped, "k")]
    [InlineData(ServiceLifetime.Singleton, "k")]
    public async Task An_open_registration_keeps_its_lifetime_and_has_caches_for_each_type(ServiceLifetime lifetime, string? key)
    {
        var services = new ServiceCollection();
        services.Add(key is null
            ? ServiceDescriptor.Describe(typeof(IRepository<>), typeof(Texts<>), lifetime)
            : ServiceDescriptor.DescribeKeyed(typeof(IRepository<>), key, typeof(Texts<>), lifetime));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        IRepository<T> Get<T>(IServiceScope scope)
            where T : class
            => key is null ? scope.ServiceProvider.GetRequiredService<IRepository<T>>() : scope.ServiceProvider.GetRequiredKeyedService<IRepository<T>>(key);

        Texts<string> first, second;
        Texts<object> other;
        using (var scope = provider.CreateScope())
        {
            var repository = Get<string>(scope);
            first = Behind(repository);
            Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(repository, Get<string>(scope)));
            Assert.Equal("String 1", await repository.FindAsync(1, Token));
            Assert.Equal("String 1", await repository.FindAsync(1, Token));
            Assert.Equal(1, first.Calls);

            var objects = Get<object>(scope);
            other = Behind(objects);
            Assert.Same(await objects.FindAsync(1, Token), await objects.FindAsync(1, Token));
            Assert.Equal(1, other.Calls);
        }

        using (var scope = provider.CreateScope())
        {
            var repository = Get<string>(scope);
            second = Behind(repository);
            Assert.Equal(lifetime == ServiceLifetime.Singleton, ReferenceEquals(first, second));
            Assert.Equal("String 1", await repository.FindAsync(1, Token));
            Assert.Equal(lifetime == ServiceLifetime.Singleton ? 1 : 0, second.Calls);
        }

        Assert.Equal(lifetime == ServiceLifetime.Singleton ? 0 : 1, first.Disposals);
        provider.Dispose();
        Assert.Equal((1, 1, 1), (first.Disposals, second.Disposals, other.Disposals));
    }

    [Fact]
    public async Task A_closed_registration_has_its_decorator_whatever_makes_its_instances()
    {
        var instance = new Texts<string>("instance");
        var services = new ServiceCollection();
        services.AddSingleton<IRepository<string>>(instance);
        services.AddScoped<IRepository<string>>(_ => new Texts<string>("factory"));
        services.AddTransient<IRepository<string>, Orders>();
        services.AddKeyedScoped<IRepository<string>>("f", (_, key) => new Texts<string>((string)key!));
        services.AddKeyedSingleton<IRepository<string>, Orders>("t");
        services.AddKeyedSingleton<IRepository<string>>("i", new Texts<string>("keyed instance"));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        using var scope = provider.CreateScope();
        var all = scope.ServiceProvider.GetServices<IRepository<string>>()
            .Concat(new[] { "f", "t", "i" }.Select(key => scope.ServiceProvider.GetRequiredKeyedService<IRepository<string>>(key)))
            .ToList();
        List<string?> answers = [];
        foreach (var repository in all.Concat(all))
            answers.Add(await repository.FindAsync(1, Token));
        string[] expected = ["instance 1", "factory 1", "orders 1", "f 1", "orders 1", "keyed instance 1"];
        Assert.Equal([.. expected, .. expected], answers);
        Assert.Equal([1, 1, 1, 1, 1, 1], all.Select(repository => Behind(repository).Calls));
        scope.Dispose();
        provider.Dispose();
        Assert.Equal([0, 1, 1, 1, 1, 0], all.Select(repository => Behind(repository).Disposals));
    }

    [Fact]
    public void A_closed_registration_that_passes_on_what_another_gives_is_decorated_once()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        services.AddKeyedSingleton<IRepository<string>>("k", (provider, _) => provider.GetRequiredService<IRepository<string>>());
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        var repository = provider.GetRequiredService<IRepository<string>>();
        Assert.Same(repository, provider.GetRequiredKeyedService<IRepository<string>>("k"));
        Assert.IsType<Texts<string>>(Behind(repository));
    }

    [Fact]
    public async Task A_closed_registration_stands_beside_an_open_one()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        services.AddSingleton<IRepository<string>, Orders>();
        services.AddKeyedSingleton(typeof(IRepository<>), "k", typeof(OtherTexts<>));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        Assert.Equal(["String 1", "orders 1"], await Task.WhenAll(provider.GetServices<IRepository<string>>().Select(repository => repository.FindAsync(1, Token))));
        Assert.IsType<Orders>(Behind(provider.GetRequiredService<IRepository<string>>()));
        Assert.IsType<Texts<object>>(Behind(provider.GetRequiredService<IRepository<object>>()));
        Assert.IsType<OtherTexts<string>>(Behind(provider.GetRequiredKeyedService<IRepository<string>>("k")));
        Assert.Single(provider.GetServices<IRepository<object>>());
    }

    [Fact]
    public async Task A_handle_reaches_every_registration_and_two_containers_share_nothing()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        services.AddMemoize();
        services.AddMemoize();
        using var one = services.BuildServiceProvider();
        using var two = services.BuildServiceProvider();
        var (first, second) = (one.GetRequiredService<IRepository<string>>(), two.GetRequiredService<IRepository<string>>());
        await first.FindAsync(7, Token);
        await second.FindAsync(7, Token);
        Assert.True(RepositoryCache<string>.FindAsync.Evict(7));
        Assert.False(RepositoryCache<object>.FindAsync.Evict(7));
        await first.FindAsync(7, Token);
        await second.FindAsync(7, Token);
        Assert.Equal((2, 2), (Behind(first).Calls, Behind(second).Calls));
    }

    [Fact]
    public void An_interface_with_several_type_parameters_is_disposed_once()
    {
        var services = new ServiceCollection();
        services.AddScoped(typeof(IPair<,>), typeof(Pair<,>));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        Pair<int, string> inner;
        using (var scope = provider.CreateScope())
        {
            var pair = scope.ServiceProvider.GetRequiredService<IPair<int, string>>();
            Assert.Equal("Int32 String 1 1", pair.Describe(1));
            Assert.Equal("Int32 String 1 1", pair.Describe(1));
            inner = (Pair<int, string>)((ICachedDecorator)pair).Inner;
        }

        Assert.Equal((1, 1), (inner.Calls, inner.Disposals));
    }

    [Fact]
    public async Task A_decorator_can_still_be_named_and_constructed()
    {
        var inner = new Texts<string>("named");
        var services = new ServiceCollection();
        services.AddSingleton<IRepository<string>>(inner);
        services.AddMemoize(memo => memo.Decorate(CachedRepository<string>.Decorator));
        using var provider = services.BuildServiceProvider(Strict);
        var repository = Assert.IsType<CachedRepository<string>>(provider.GetRequiredService<IRepository<string>>());
        await repository.FindAsync(1, Token);
        await repository.FindAsync(1, Token);
        Assert.Equal(1, inner.Calls);

        var fake = new Texts<string>("fake");
        var constructed = new CachedRepository<string>(fake);
        Assert.Equal("fake 1", await constructed.FindAsync(1, Token));
        Assert.Equal("fake 1", await constructed.FindAsync(1, Token));
        Assert.Equal(1, fake.Calls);
    }

    [Fact]
    public void An_object_in_the_container_is_not_taken_for_a_key()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new object());
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        Assert.IsType<Texts<string>>(Behind(provider.GetRequiredService<IRepository<string>>()));
    }

    [Fact]
    public void What_cannot_be_decorated_is_named_with_what_to_do()
    {
        static string Error(Action<ServiceCollection> register)
        {
            var services = new ServiceCollection();
            register(services);
            return Assert.Throws<InvalidOperationException>(() => services.AddMemoize()).Message;
        }

        var twice = Error(services => services.AddScoped(typeof(IRepository<>), typeof(Texts<>)).AddScoped(typeof(IRepository<>), typeof(OtherTexts<>)));
        Assert.StartsWith("IRepository<T> is registered as an open generic type twice, with Texts<T> and OtherTexts<T>.", twice, StringComparison.Ordinal);
        Assert.Contains("remove the one that is not meant", twice, StringComparison.Ordinal);
        Assert.StartsWith(
            "IRepository<T> (key k) is registered as an open generic type twice",
            Error(services => services.AddKeyedScoped(typeof(IRepository<>), "k", typeof(Texts<>)).AddKeyedScoped(typeof(IRepository<>), "k", typeof(OtherTexts<>))),
            StringComparison.Ordinal);
        Assert.Contains("for any key", Error(services => services.AddKeyedScoped(typeof(IRepository<>), KeyedService.AnyKey, typeof(Texts<>))), StringComparison.Ordinal);
        Assert.StartsWith(
            "IRepository<T> (key k): KeyedTexts<T> wants to know its key",
            Error(services => services.AddKeyedScoped(typeof(IRepository<>), "k", typeof(KeyedTexts<>))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_assembly_that_knows_no_containers_a_decorator_must_be_named()
    {
        CachedDecorators.AnnounceGeneric(typeof(IUnknown<>), "CachedUnknown", null);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(IUnknown<>), typeof(Unknown<>));
        var error = Assert.Throws<InvalidOperationException>(() => services.AddMemoize());
        Assert.Contains("compiled without Microsoft.Extensions.DependencyInjection.Abstractions", error.Message, StringComparison.Ordinal);
        Assert.Contains("memo.Decorate(CachedUnknown<T>.Decorator)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_several_assemblies_have_a_decorator_it_must_be_named()
    {
        CachedDecorators.AnnounceGeneric(typeof(ITwice<>), "CachedTwice", typeof(Twice<>));
        CachedDecorators.AnnounceGeneric(typeof(ITwice<>), "FastTwice", typeof(Twice<>));
        var open = new ServiceCollection();
        open.AddSingleton(typeof(ITwice<>), typeof(Twice<>));
        Assert.StartsWith("Several assemblies have a decorator of ITwice<T>, and of an open type", Assert.Throws<InvalidOperationException>(() => open.AddMemoize()).Message, StringComparison.Ordinal);
        var closed = new ServiceCollection();
        closed.AddSingleton<ITwice<int>, Twice<int>>();
        Assert.StartsWith("Several assemblies have a decorator of ITwice<Int32>. Say which", Assert.Throws<InvalidOperationException>(() => closed.AddMemoize()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_replaced_can_be_decorated_again()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        services.AddMemoize();
        services.Replace(ServiceDescriptor.Singleton(typeof(IRepository<>), typeof(OtherTexts<>)));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        Assert.IsType<OtherTexts<string>>(Behind(provider.GetRequiredService<IRepository<string>>()));
    }

    [Fact]
    public void An_open_registration_that_comes_too_late_is_said_with_the_first_decorator()
    {
        var services = new ServiceCollection().AddSingleton<IGreeter, Greeter>().AddMemoize();
        services.AddSingleton(typeof(IRepository<>), typeof(Texts<>));
        using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IGreeter>);
        Assert.StartsWith("IRepository<T> was registered after AddMemoize", error.Message, StringComparison.Ordinal);
    }

    private interface IUnknown<T>;

    private sealed class Unknown<T> : IUnknown<T>;

    private interface ITwice<T>;

    private sealed class Twice<T> : ITwice<T>;
}
