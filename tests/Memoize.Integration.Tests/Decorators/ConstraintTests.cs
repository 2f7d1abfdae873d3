using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Integration.Tests.Decorators;

/// <summary>For all types.</summary>
public interface IGauge<T>
{
    [Cached(Ttl = 300)]
    string Read(int id);
}

/// <summary>For some.</summary>
public sealed class ValueGauge<T> : IGauge<T>
    where T : struct
{
    public string Read(int id) => $"value {typeof(T).Name}";
}

public sealed class TextGauge : IGauge<string>
{
    public string Read(int id) => "text";
}

public sealed class RefusingGauge<T> : IGauge<T>
{
    public RefusingGauge() => throw new ArgumentException("Not today.");

    public string Read(int id) => "";
}

/// <summary>An open registration whose class is not for all types that its interface is for.</summary>
public sealed class ConstraintTests
{
    private static IServiceCollection Services() => new ServiceCollection().AddSingleton(typeof(IGauge<>), typeof(ValueGauge<>)).AddSingleton<IGauge<string>, TextGauge>();

    [Fact]
    public void What_it_allows_is_decorated()
    {
        using var provider = Services().AddMemoize().BuildServiceProvider();
        Assert.Equal("value Int32", Assert.IsAssignableFrom<CachedGauge<int>>(provider.GetRequiredService<IGauge<int>>()).Read(1));
        Assert.Equal("text", Assert.IsAssignableFrom<CachedGauge<string>>(provider.GetRequiredService<IGauge<string>>()).Read(1));
    }

    [Fact]
    public void What_it_does_not_allow_is_refused_with_both_names_also_in_an_enumeration()
    {
        // Without a decorator the container leaves it out.
        using (var plain = Services().BuildServiceProvider())
            Assert.IsType<TextGauge>(Assert.Single(plain.GetServices<IGauge<string>>()));

        using var provider = Services().AddMemoize().BuildServiceProvider();
        foreach (var ask in new Action[] { () => _ = provider.GetServices<IGauge<string>>().ToList(), () => provider.GetRequiredService<IGauge<Version>>() })
        {
            var refusal = Assert.Throws<InvalidOperationException>(ask);
            Assert.Contains(": ValueGauge<T> is registered for all type arguments, and its constraints do not allow these", refusal.Message, StringComparison.Ordinal);
            Assert.StartsWith("IGauge<", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_exception_of_a_constructor_is_not_taken_for_that()
    {
        using var provider = new ServiceCollection().AddSingleton(typeof(IGauge<>), typeof(RefusingGauge<>)).AddMemoize().BuildServiceProvider();
        Assert.Equal("Not today.", Assert.Throws<ArgumentException>(() => provider.GetRequiredService<IGauge<string>>()).Message);
    }
}
