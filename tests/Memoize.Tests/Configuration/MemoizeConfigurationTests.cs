using Memoize.Catalog;
using Memoize.Tests.Api;
using Microsoft.Extensions.Configuration;

namespace Memoize.Tests.Configuration;

/// <summary>A section of a configuration names methods and their options.</summary>
[Collection(nameof(ProcessWide))]
public sealed class MemoizeConfigurationTests
{
    private static int count;

    // Alive for as long as the tests: the catalog holds it weakly.
    private static readonly Func<CachedMethodInfo[]> Uncalled = static () => [new("Configured.Uncalled.Get(int)"), new("Configured.Uncalled.Get(string)"), new("Configured.Uncalled.List()") { LoadsInBackground = true }];

    static MemoizeConfigurationTests() => CachedMethodCatalog.Announce(Uncalled);

    private readonly List<string> reported = [];

    private static CachedMethod Method(CacheOptions? options = null) => new($"Configured.Store{Interlocked.Increment(ref count)}.Find(int, string)", options ?? new() { Ttl = 5 });

    private static IConfigurationRoot Of(params (string Key, string Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();

    private IDisposable Use(IConfiguration configuration) => MemoizeConfiguration.Use(configuration, reported.Add);

    [Fact]
    public void Every_option_is_read_and_taken_back()
    {
        var method = Method(new() { Ttl = 5, StaleWhileRevalidate = 1, MaxBytes = 7 });
        var prefix = $"Methods:{method.Name}:";
        using (Use(Of(
            (prefix + "Ttl", "00:05:00"), (prefix + "Sliding", "60.5"), (prefix + "StaleWhileRevalidate", "2"), (prefix + "StaleIfError", "3"),
            (prefix + "RefreshAhead", "0.8"), (prefix + "Jitter", "0.1"), (prefix + "Timeout", "4"), (prefix + "ErrorTtl", "5"), (prefix + "NullTtl", "6"),
            (prefix + "CacheNull", "false"), (prefix + "MaxSize", "77"), (prefix + "MaxBytes", "5000000000"), (prefix + "enabled", "False"))))
        {
            var now = method.CurrentOptions;
            Assert.Equal((300, 60.5, 2, 3, 0.8, 0.1), (now.Ttl, now.Sliding, now.StaleWhileRevalidate, now.StaleIfError, now.RefreshAhead, now.Jitter));
            Assert.Equal((4, 5, 6, false, 77, 5_000_000_000), (now.Timeout, now.ErrorTtl, now.NullTtl, now.CacheNull, now.MaxSize, now.MaxBytes));
            Assert.False(method.IsEnabled);
        }

        Assert.Same(method.Options, method.CurrentOptions);
        Assert.True(method.IsEnabled);
    }

    [Fact]
    public void A_method_that_is_called_later_has_its_settings_from_the_first_call()
    {
        using (Use(Of(("Methods:Configured.Uncalled.Get(int):Ttl", "42"), ("Methods:configured.uncalled.list:RefreshAhead", "0.5"))))
        {
            Assert.Equal(42, new CachedMethod("Configured.Uncalled.Get(int)", new()).CurrentOptions.Ttl);
            Assert.Equal(0.5, new CachedMethod("Configured.Uncalled.List()", new() { StaleWhileRevalidate = 1 }).CurrentOptions.RefreshAhead);
        }
    }

    [Theory]
    [InlineData("Methods:Configured.Uncaled.Get(int):Ttl", "1", "Did you mean Configured.Uncalled.Get(int)?")]
    [InlineData("Methods:Lists:Ttl", "1", "Did you mean Configured.Uncalled.List()?")]
    [InlineData("Methods:Configured.Uncalled.Get:Ttl", "1", "several methods have this name: Configured.Uncalled.Get(int), Configured.Uncalled.Get(string)")]
    [InlineData("Methods:Zzzzzzzzzzzzzzzzzz:Ttl", "1", "there is no cached method of this name in the assemblies that are loaded. One of")]
    [InlineData("Methods:Configured.Uncalled.List:Tll", "1", "Methods:Configured.Uncalled.List:Tll: there is no such option, or it cannot be changed at run time. Did you mean Ttl?")]
    [InlineData("Methods:Configured.Uncalled.List:Eviction", "Lfu", "cannot be changed at run time")]
    [InlineData("Methods:Configured.Uncalled.List:Ttl", "5 minutes", "is '5 minutes'. Give seconds")]
    [InlineData("Methods:Configured.Uncalled.List:Ttl", "-5", "time does not run backwards")]
    [InlineData("Methods:Configured.Uncalled.List:Jitter", "2", "no part of a lifetime")]
    [InlineData("Methods:Configured.Uncalled.List:Enabled", "yes", "Give true or false")]
    [InlineData("Methods:Configured.Uncalled.List:MaxSize", "1.5", "Give a whole number")]
    [InlineData("Methods:Configured.Uncalled.List:MaxSize", "2", "at least 3 entries")]
    [InlineData("Methods:Configured.Uncalled.List:MaxBytes", "2", "Give its attribute MaxBytes and Weigher")]
    [InlineData("Methods:Configured.Uncalled.Get(int):StaleWhileRevalidate", "2", "Give its attribute StaleWhileRevalidate or RefreshAhead")]
    [InlineData("Methods:Configured.Uncalled.List", "300", "it has no value of its own")]
    [InlineData("Method:Configured.Uncalled.List:Ttl", "1", "Did you mean Methods?")]
    [InlineData("Defaults:Ttl", "1", "[assembly: CacheDefaults(…)]")]
    public void What_is_wrong_is_said_at_the_start(string key, string value, string why)
    {
        var method = Method();
        var refused = Assert.Throws<InvalidOperationException>(() => Use(Of((key, value), ($"Methods:{method.Name}:Ttl", "9"))));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Same(method.Options, method.CurrentOptions);
        Assert.Empty(reported);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_and_sections_of_others_are_theirs()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Use(Of(("Methods:A.B():Ttl", "1"), ("Methods:Configured.Uncalled.List:Ttl", "x"), ("Dashboard:Path", "/memoize"))));
        Assert.Equal(2, refused.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void A_reload_holds_at_once_and_what_cannot_be_read_stays_as_it_was()
    {
        var (good, bad) = (Method(), Method());
        var configuration = Of(($"Methods:{good.Name}:Ttl", "10"), ($"Methods:{bad.Name}:Ttl", "20"));
        using (Use(configuration))
        {
            configuration[$"Methods:{good.Name}:Ttl"] = "11";
            configuration[$"Methods:{bad.Name}:Ttl"] = "soon";
            configuration["Methods:Nobody.Knows():Ttl"] = "1";
            configuration.Reload();
            Assert.Equal((11, 20), (good.CurrentOptions.Ttl, bad.CurrentOptions.Ttl));
            Assert.Equal(2, reported.Count);
            Assert.Contains(reported, problem => problem.Contains("is 'soon'", StringComparison.Ordinal));

            configuration[$"Methods:{bad.Name}:Ttl"] = "21";
            configuration.Reload();
            Assert.Equal(21, bad.CurrentOptions.Ttl);
        }

        configuration[$"Methods:{bad.Name}:Ttl"] = "22";
        configuration.Reload();
        Assert.Same(bad.Options, bad.CurrentOptions);
    }

    [Fact]
    public void Of_two_sources_the_later_counts_and_leaves_with_its_own()
    {
        var method = Method();
        var first = Use(Of(($"Methods:{method.Name}:Ttl", "10")));
        var second = Use(Of(($"Methods:{method.Name}:Ttl", "20")));
        Assert.Equal(20, method.CurrentOptions.Ttl);
        first.Dispose();
        Assert.Equal(20, method.CurrentOptions.Ttl);
        second.Dispose();
        Assert.Equal(5, method.CurrentOptions.Ttl);
    }
}
