using Memoize.Integration.Library;
using Memoize.Integration.Tests.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Integration.Tests.Decorators;

/// <summary>One that only inherits, from an assembly whose methods it evicts.</summary>
public interface ITradingDesk : IRateDesk
{
    string Name { get; }
}

public sealed class TradingDesk : ITradingDesk
{
    public string Name => "desk";

    public Task CorrectAsync(string currency) => Task.CompletedTask;
}

public sealed class Rates : IExchange
{
    private int asked;

    public decimal Rate(string currency) => ++asked;
}

[Collection(nameof(Isolated))]
public sealed class InheritedTests
{
    [Fact]
    public async Task What_an_interface_inherits_from_another_assembly_evicts_there()
    {
        using var bench = new Bench();
        await using var provider = new ServiceCollection()
            .AddSingleton<IExchange, Rates>()
            .AddSingleton<ITradingDesk, TradingDesk>()
            .AddMemoize()
            .BuildServiceProvider();
        var (exchange, desk) = (provider.GetRequiredService<IExchange>(), provider.GetRequiredService<ITradingDesk>());
        Assert.IsType<CachedTradingDesk>(desk);
        Assert.Equal((1, 1), (exchange.Rate("EUR"), exchange.Rate("EUR")));
        await desk.CorrectAsync("EUR");
        Assert.Equal((2, "desk"), (exchange.Rate("EUR"), desk.Name));
    }
}
