using Memoize.Integration.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Memoize.Integration.Tests.Decorators;

public interface IGreeter
{
    [Cached(Ttl = 300)]
    string Greet(string name);

    int Calls { get; }
}

/// <summary>Counts its calls and its disposals.</summary>
public class Greeter : IGreeter, IDisposable
{
    private readonly string greeting;

    public Greeter()
        : this("hello")
    {
    }

    public Greeter(string greeting) => this.greeting = greeting;

    public int Calls { get; private set; }

    public int Disposals { get; private set; }

    public string Greet(string name)
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        Calls++;
        return $"{greeting} {name}";
    }

    public void Dispose()
    {
        Disposals++;
        GC.SuppressFinalize(this);
    }
}

/// <summary>Inherits a cached method, and adds one.</summary>
public interface ILoudGreeter : IGreeter
{
    [Cached(Ttl = 300)]
    string Shout(string name);
}

public sealed class LoudGreeter : Greeter, ILoudGreeter
{
    public string Shout(string name) => Greet(name).ToUpperInvariant();
}

/// <summary>The interface is disposable itself.</summary>
public interface IConnection : IDisposable
{
    [Cached]
    int Read(int id);
}

public sealed class Connection : IConnection
{
    public int Disposals { get; private set; }

    public int Read(int id) => id;

    public void Dispose() => Disposals++;
}

public sealed class KeyedGreeter([ServiceKey] string key) : IGreeter
{
    public int Calls => 0;

    public string Greet(string name) => key + name;
}

public sealed class Exchange : IExchange
{
    public decimal Rate(string currency) => currency.Length;
}

/// <summary><c>AddMemoize</c> puts decorators before registrations of every kind.</summary>
public sealed class AddMemoizeTests
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    [Theory]
    [InlineData(ServiceLifetime.Transient, false)]
    [InlineData(ServiceLifetime.Scoped, false)]
    [InlineData(ServiceLifetime.Singleton, false)]
    [InlineData(ServiceLifetime.Transient, true)]
    [InlineData(ServiceLifetime.Scoped, true)]
    [InlineData(ServiceLifetime.Singleton, true)]
    public void All_instances_of_a_registration_share_its_cache_and_keep_their_lifetime(ServiceLifetime lifetime, bool factory)
    {
        var made = new List<Greeter>();
        var services = new ServiceCollection();
        services.Add(factory
            ? ServiceDescriptor.Describe(typeof(IGreeter), _ => { made.Add(new Greeter()); return made[^1]; }, lifetime)
            : ServiceDescriptor.Describe(typeof(IGreeter), typeof(Greeter), lifetime));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);

        IGreeter first, second;
        using (var scope = provider.CreateScope())
        {
            first = scope.ServiceProvider.GetRequiredService<IGreeter>();
            Assert.IsType<CachedGreeter>(first);
            Assert.Equal(lifetime != ServiceLifetime.Transient, ReferenceEquals(first, scope.ServiceProvider.GetRequiredService<IGreeter>()));
            Assert.Equal("hello a", first.Greet("a"));
            Assert.Equal(1, first.Calls);
        }

        using (var scope = provider.CreateScope())
        {
            second = scope.ServiceProvider.GetRequiredService<IGreeter>();
            Assert.Equal(lifetime == ServiceLifetime.Singleton, ReferenceEquals(first, second));
            Assert.Equal("hello a", second.Greet("a"));
            Assert.Equal(lifetime == ServiceLifetime.Singleton ? 1 : 0, second.Calls);
        }

        provider.Dispose();
        Assert.All(made, greeter => Assert.Equal(1, greeter.Disposals));
        Assert.Equal(1, ((Greeter)((ICachedDecorator)first).Inner).Disposals);
        Assert.Equal(1, ((Greeter)((ICachedDecorator)second).Inner).Disposals);
    }

    [Fact]
    public void Registrations_of_one_interface_keyed_or_not_never_share_an_entry()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IGreeter>(new Greeter("one"));
        services.AddScoped<IGreeter>(_ => new Greeter("two"));
        services.AddKeyedSingleton<IGreeter, Greeter>("a");
        services.AddKeyedTransient<IGreeter>("b", (_, key) => new Greeter((string)key!));
        services.AddKeyedSingleton<IGreeter>("c", new Greeter("three"));
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        using var scope = provider.CreateScope();

        Assert.Equal(["one x", "two x"], scope.ServiceProvider.GetServices<IGreeter>().Select(greeter => greeter.Greet("x")));
        foreach (var (key, greeting) in new[] { ("a", "hello"), ("b", "b"), ("c", "three") })
        {
            var greeter = scope.ServiceProvider.GetRequiredKeyedService<IGreeter>(key);
            Assert.IsType<CachedGreeter>(greeter);
            Assert.Equal($"{greeting} x", greeter.Greet("x"));
            Assert.Equal($"{greeting} x", greeter.Greet("x"));
        }

        Assert.Equal(0, scope.ServiceProvider.GetRequiredKeyedService<IGreeter>("b").Calls);
        Assert.Equal(3, scope.ServiceProvider.GetKeyedServices<IGreeter>(KeyedService.AnyKey).Count());
    }

    [Fact]
    public void Two_containers_of_the_same_registrations_share_nothing()
    {
        var services = new ServiceCollection().AddTransient<IGreeter, Greeter>().AddMemoize();
        using var one = services.BuildServiceProvider();
        using var two = services.BuildServiceProvider();
        var first = one.GetRequiredService<IGreeter>();
        var second = two.GetRequiredService<IGreeter>();
        first.Greet("a");
        second.Greet("a");
        Assert.Equal((1, 1), (first.Calls, second.Calls));
    }

    [Fact]
    public void A_disposable_interface_is_disposed_once_by_the_container()
    {
        var services = new ServiceCollection().AddScoped<IConnection, Connection>().AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        Connection inner;
        using (var scope = provider.CreateScope())
        {
            var connection = scope.ServiceProvider.GetRequiredService<IConnection>();
            Assert.Equal(3, connection.Read(3));
            inner = (Connection)((ICachedDecorator)connection).Inner;
        }

        Assert.Equal(1, inner.Disposals);
    }

    [Fact]
    public void To_call_it_twice_is_harmless_and_decorates_what_came_in_between()
    {
        var services = new ServiceCollection();
        services.AddTransient<IGreeter, Greeter>();
        services.AddMemoize();
        services.AddTransient<IExchange, Exchange>();
        services.AddMemoize();
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        var greeter = provider.GetRequiredService<IGreeter>();
        Assert.IsType<Greeter>(((ICachedDecorator)greeter).Inner);
        Assert.IsType<Exchange>(((ICachedDecorator)provider.GetRequiredService<IExchange>()).Inner);
    }

    [Fact]
    public void What_is_registered_too_late_is_said_with_the_first_decorator()
    {
        var services = new ServiceCollection().AddTransient<IGreeter, Greeter>().AddMemoize().AddTransient<IExchange, Exchange>();
        using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IGreeter>);
        Assert.StartsWith("IExchange was registered after AddMemoize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_registered_too_late_stops_the_host_at_its_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMemoize();
        builder.Services.AddTransient<IGreeter, Greeter>();
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("IGreeter was registered after AddMemoize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fake_may_come_late_where_that_is_said()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTransient<IGreeter, Greeter>();
        builder.Services.AddMemoize(memo => memo.AllowLateRegistrations());
        builder.Services.Replace(ServiceDescriptor.Singleton<IGreeter>(new Greeter("fake")));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("fake a", host.Services.GetRequiredService<IGreeter>().Greet("a"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_cannot_be_decorated_is_named_with_what_to_do()
    {
        var any = new ServiceCollection();
        any.AddKeyedSingleton<IGreeter, Greeter>(KeyedService.AnyKey);
        Assert.Contains("for any key", Assert.Throws<InvalidOperationException>(() => any.AddMemoize()).Message, StringComparison.Ordinal);

        var keyed = new ServiceCollection();
        keyed.AddKeyedSingleton<IGreeter, KeyedGreeter>("k");
        Assert.Contains("(key k): KeyedGreeter wants to know its key", Assert.Throws<InvalidOperationException>(() => keyed.AddMemoize()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registration_that_passes_on_what_another_gives_is_decorated_once()
    {
        var services = new ServiceCollection();
        services.AddScoped<ILoudGreeter, LoudGreeter>();
        services.AddScoped<IGreeter>(provider => provider.GetRequiredService<ILoudGreeter>());
        services.AddKeyedScoped<IGreeter>("k", (provider, _) => provider.GetRequiredService<IGreeter>());
        services.AddMemoize();
        using var provider = services.BuildServiceProvider(Strict);
        using var scope = provider.CreateScope();
        var loud = scope.ServiceProvider.GetRequiredService<ILoudGreeter>();
        Assert.IsType<CachedLoudGreeter>(loud);
        Assert.Same(loud, scope.ServiceProvider.GetRequiredService<IGreeter>());
        Assert.Same(loud, scope.ServiceProvider.GetRequiredKeyedService<IGreeter>("k"));
        loud.Greet("a");
        scope.ServiceProvider.GetRequiredService<IGreeter>().Greet("a");
        Assert.Equal(1, loud.Calls);
    }

    [Fact]
    public void A_handle_reaches_the_caches_of_every_registration()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton<IGreeter, Greeter>("a");
        services.AddKeyedSingleton<IGreeter, Greeter>("b");
        services.AddMemoize();
        using var provider = services.BuildServiceProvider();
        var (a, b) = (provider.GetRequiredKeyedService<IGreeter>("a"), provider.GetRequiredKeyedService<IGreeter>("b"));
        a.Greet("handle");
        b.Greet("handle");
        Assert.True(GreeterCache.Greet.Evict("handle"));
        a.Greet("handle");
        b.Greet("handle");
        Assert.Equal((2, 2), (a.Calls, b.Calls));
    }
}
