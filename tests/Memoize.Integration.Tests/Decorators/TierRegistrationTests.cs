using Memoize.Integration.Tests.Peers;
using Memoize.Tests.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Integration.Tests.Decorators;

/// <summary>
/// What a registration is in the tiers: the same as in every process that registers the same, and nothing where that cannot be told. Two
/// containers stand for two processes.
/// </summary>
[Collection(nameof(Isolated))]
public sealed class TierRegistrationTests : ILoggerProvider, ILogger
{
    // A line of one kind is written every few seconds only, and each test is to see its own.
    private static int s_hours;

    private readonly TestStore store = new LeasingStore();
    private readonly Tiered tiered;
    private readonly List<string> lines = [];
    private readonly List<ServiceProvider> started = [];

    public TierRegistrationTests()
    {
        Memo.TimeProvider = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(++s_hours));
        tiered = new(store);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "NotShared")
            lines.Add(formatter(state, exception));
    }

    public void Dispose()
    {
        foreach (var one in started)
            one.Dispose();
        tiered.Dispose();
        Memo.TimeProvider = TimeProvider.System;
    }

    private ServiceProvider Start(Action<IServiceCollection> register)
    {
        Memo.FlushTiersAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        var services = new ServiceCollection();
        register(services);
        services.AddLogging(logging => logging.AddProvider(this).SetMinimumLevel(LogLevel.Trace));
        var provider = services.AddMemoize().BuildServiceProvider();
        started.Add(provider);
        return provider;
    }

    public static TheoryData<string, Action<IServiceCollection>> Shared => new()
    {
        { "singleton", static s => s.AddSingleton<IStockroom, Stockroom>() },
        { "scoped", static s => s.AddScoped<IStockroom, Stockroom>() },
        { "transient", static s => s.AddTransient<IStockroom, Stockroom>() },
        { "factory", static s => s.AddSingleton<IStockroom>(static _ => new Stockroom("made")) },
        { "instance", static s => s.AddSingleton<IStockroom>(new Stockroom("given")) },
        { "one of two classes", static s => s.AddSingleton<IStockroom, Annex>().AddSingleton<IStockroom, Stockroom>() },
        { "one of two factories that say their class", static s => s.AddSingleton<IStockroom, Annex>(static _ => new()).AddSingleton<IStockroom, Crowd>(static _ => new()) },
        { "beside a keyed one", static s => s.AddKeyedSingleton<IStockroom, Stockroom>("eu").AddSingleton<IStockroom, Stockroom>() },
        { "an alias of it", static s => s.AddSingleton<IStockroom, Stockroom>().AddKeyedSingleton<IStockroom>("alias", static (p, _) => p.GetRequiredService<IStockroom>()) },
        { "another was removed", static s => s.AddSingleton<IStockroom, Stockroom>().AddMemoize().RemoveAll<IStockroom>().AddSingleton<IStockroom, Stockroom>() },
    };

    private sealed class Crowd() : Stockroom("crowd");

    [Theory, MemberData(nameof(Shared))]
    public async Task The_next_process_finds_what_the_same_registration_has_loaded(string what, Action<IServiceCollection> register)
    {
        using var first = Start(register).CreateScope();
        var one = first.ServiceProvider.GetRequiredService<IStockroom>();
        string[] loaded = [one.Read(1), await one.ReadAsync(1), one.Of<int>(1), one.Of<string>(1)];

        using var second = Start(register).CreateScope();
        var other = second.ServiceProvider.GetRequiredService<IStockroom>();
        var before = other.Calls;
        string[] found = [other.Read(1), await other.ReadAsync(1), other.Of<int>(1), other.Of<string>(1)];
        Assert.Equal(loaded, found);
        Assert.True(before == other.Calls && tiered.Tier.Statistics is { Hits: 4, NotShared: 0 }, what);
        Assert.Empty(lines);
    }

    [Fact]
    public void Registrations_under_keys_and_without_have_entries_of_their_own_in_every_process()
    {
        static void Register(IServiceCollection services) => services
            .AddKeyedSingleton<IStockroom>("eu", static (_, _) => new Stockroom("eu"))
            .AddKeyedSingleton<IStockroom>("us", static (_, _) => new Stockroom("us"))
            .AddKeyedSingleton<IStockroom>(DayOfWeek.Friday, static (_, _) => new Stockroom("friday"))
            .AddSingleton<IStockroom>(static _ => new Stockroom("none"))
            .AddSingleton<IStockroom, Annex>(static _ => new Annex());
        static string[] Read(IServiceProvider services) =>
        [
            services.GetRequiredKeyedService<IStockroom>("eu").Read(1), services.GetRequiredKeyedService<IStockroom>("us").Read(1), services.GetRequiredKeyedService<IStockroom>(DayOfWeek.Friday).Read(1),
        ];

        Assert.Equal(["eu 1 #1", "us 1 #1", "friday 1 #1"], Read(Start(Register)));
        Assert.Equal(["eu 1 #1", "us 1 #1", "friday 1 #1"], Read(Start(Register)));
        Assert.Equal(3, tiered.Tier.Statistics.Hits);

        // One who says nothing may make the same class as the other.
        Assert.All(Start(Register).GetServices<IStockroom>(), static room => room.Read(1));
        Assert.Equal(2, tiered.Tier.Statistics.NotShared);
    }

    public static TheoryData<string, Action<IServiceCollection>, int> NotShared => new()
    {
        { "may be the same class", static s => s.AddSingleton<IStockroom, Stockroom>().AddSingleton<IStockroom, Stockroom>(), 2 },
        { "may be the same class", static s => s.AddSingleton<IStockroom>(static _ => new Stockroom("a")).AddSingleton<IStockroom>(static _ => new Stockroom("b")), 2 },
        { "may be the same class", static s => s.AddSingleton<IStockroom, Stockroom>(static _ => new("a")).AddSingleton<IStockroom, Annex>(), 2 },
        { "may be the same class", static s => s.AddSingleton<IStockroom>(new Stockroom("a")).AddSingleton<IStockroom>(new Stockroom("b")), 2 },
        { "has no name that lasts", static s => s.AddSingleton(static _ => System.Reflection.DispatchProxy.Create<IStockroom, Answers>()), 1 },
    };

    public class Answers : System.Reflection.DispatchProxy
    {
        private int calls;

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) => targetMethod?.ReturnType == typeof(string) ? $"proxy #{++calls}" : calls;
    }

    // Whichever of the two were used first would have the name, and the next process may use the other one first.
    [Theory, MemberData(nameof(NotShared))]
    public async Task Registrations_that_may_be_the_same_share_nothing_and_say_so(string reason, Action<IServiceCollection> register, int registrations)
    {
        var loaded = Start(register).GetServices<IStockroom>().Select(static room => room.Read(1)).ToList();
        Assert.Equal(registrations, loaded.Count);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Empty(store.Values);
        Assert.Equal(registrations, tiered.Tier.Statistics.NotShared);
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            Assert.Contains("IStockroom.Read(int): the decorator remembers in memory alone, and not in its tiers, because", line, StringComparison.Ordinal);
            Assert.Contains(reason, line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_key_that_is_an_object_is_another_one_in_the_next_process()
    {
        var key = new object();
        Start(s => s.AddKeyedSingleton<IStockroom, Stockroom>(key)).GetRequiredKeyedService<IStockroom>(key).Read(1);
        Assert.Equal(1, tiered.Tier.Statistics.NotShared);
        Assert.Contains(lines, static line => line.Contains("its key, a Object, has no text that lasts", StringComparison.Ordinal));
    }

    [Fact]
    public void A_decorator_that_somebody_constructs_shares_nothing()
    {
        var room = new CachedStockroom(new Stockroom());
        Assert.Equal(room.Read(1), room.Read(1));
        Assert.Equal((1, 0), (tiered.Tier.Statistics.NotShared, tiered.Tier.Statistics.Misses));
    }

    public static TheoryData<string> Ways => ["Evict", "EvictAsync", "[Evicts]", "[Updates]", "EvictTag", "Clear"];

    // In a process that has only just begun, nobody has asked for the interface yet.
    [Theory, MemberData(nameof(Ways))]
    public async Task An_eviction_in_one_process_reaches_what_another_has_stored(string way)
    {
        static void Register(IServiceCollection services) => services.AddSingleton<IStockroom, Stockroom>().AddKeyedSingleton<IStockroom, Stockroom>("eu");
        var first = Start(Register);
        foreach (var room in new[] { first.GetRequiredService<IStockroom>(), first.GetRequiredKeyedService<IStockroom>("eu") })
            Assert.Equal(("stock 1 #1", "stock 1 #2"), (room.Read(1), await room.ReadAsync(1)));

        var second = Start(Register);
        switch (way)
        {
            case "Evict":
                StockroomCache.Read.Evict(1);
                break;
            case "EvictAsync":
                await StockroomCache.Read.EvictAsync(1);
                break;
            case "[Evicts]":
                second.GetRequiredService<IStockroom>().Write(1);
                break;
            case "[Updates]":
                await second.GetRequiredService<IStockroom>().WriteAsync(1);
                break;
            case "EvictTag":
                Memo.EvictTag("shelf:1");
                break;
            default:
                StockroomCache.Read.Clear();
                break;
        }

        var third = Start(Register);
        foreach (var room in new[] { third.GetRequiredService<IStockroom>(), third.GetRequiredKeyedService<IStockroom>("eu") })
        {
            _ = way == "[Updates]" ? await room.ReadAsync(1) : room.Read(1);
            Assert.Equal(1, room.Calls);
        }
    }

    [Fact]
    public async Task A_batch_loads_what_no_process_has_loaded()
    {
        static void Register(IServiceCollection services) => services.AddSingleton<IStockroom, Stockroom>();
        await Start(Register).GetRequiredService<IStockroom>().ReadManyAsync([1, 2]);
        var other = Start(Register).GetRequiredService<IStockroom>();
        var found = await other.ReadManyAsync([1, 2, 3]);
        Assert.Equal(["stock 1 of 2", "stock 2 of 2", "stock 3 of 1"], found.OrderBy(static pair => pair.Key).Select(static pair => pair.Value));
        Assert.Equal("stock 2 of 2", await other.ReadAsync(2));
        Assert.Equal(1, other.Calls);
    }

    [Fact]
    public async Task What_is_set_behind_one_decorator_is_there_in_the_next_process()
    {
        static void Register(IServiceCollection services) => services.AddSingleton<IStockroom, Stockroom>().AddSingleton<IStockroom, Annex>();
        var annex = Start(Register).GetRequiredService<IStockroom>();
        await StockroomCache.ReadAsync.SetAsync(annex, 1, "set");
        Assert.Equal("set", await annex.ReadAsync(1));
        var next = Start(Register).GetServices<IStockroom>().ToList();
        Assert.Equal("stock 1 #1", await next[0].ReadAsync(1));
        Assert.Equal("set", await next[1].ReadAsync(1));
    }

    [Fact]
    public void Open_registrations_share_by_type_arguments_and_class()
    {
        static void Register(IServiceCollection services) => services.AddSingleton(typeof(ICrate<>), typeof(Crate<>));
        static string[] Weigh(IServiceProvider services) => [services.GetRequiredService<ICrate<string>>().Weigh(1), services.GetRequiredService<ICrate<Version>>().Weigh(1)];
        var first = Weigh(Start(Register));
        Assert.StartsWith("crate of String", first[0], StringComparison.Ordinal);
        Assert.StartsWith("crate of Version", first[1], StringComparison.Ordinal);
        Assert.Equal(first, Weigh(Start(Register)));
        Assert.StartsWith("barrel of String", Start(static s => s.AddSingleton(typeof(ICrate<>), typeof(Barrel<>))).GetRequiredService<ICrate<string>>().Weigh(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_registration_beside_an_open_one_is_another_thing_unless_it_may_be_the_same()
    {
        static void Different(IServiceCollection services) => services.AddSingleton(typeof(ICrate<>), typeof(Crate<>)).AddSingleton<ICrate<string>, Barrel<string>>();
        static string[] Weigh(IServiceProvider services) => [.. services.GetServices<ICrate<string>>().Select(static crate => crate.Weigh(1)).Order(StringComparer.Ordinal)];
        var first = Weigh(Start(Different));
        Assert.Equal(first, Weigh(Start(Different)));
        Assert.Equal((2, 0), (tiered.Tier.Statistics.Hits, tiered.Tier.Statistics.NotShared));

        Weigh(Start(static s => s.AddSingleton(typeof(ICrate<>), typeof(Crate<>)).AddSingleton<ICrate<string>, Crate<string>>()));
        Assert.Equal(2, tiered.Tier.Statistics.NotShared);
    }
}
