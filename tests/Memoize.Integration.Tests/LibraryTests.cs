using Memoize.Integration.Library;

namespace Memoize.Integration.Tests;

/// <summary>Cached methods of a referenced library: one cache, which belongs to the library.</summary>
public class LibraryTests
{
    [Fact]
    public async Task Calls_from_both_assemblies_meet_in_one_cache()
    {
        var catalogue = new Catalogue();
        Assert.Equal("1:en", catalogue.Title(1));
        Assert.Equal("1:en", catalogue.TitleFromInside(1));
        Assert.Equal("1:en", new Catalogue().Title(language: "en", id: 1));
        Assert.Equal(1, Catalogue.Runs);

        Assert.Equal(3m, await catalogue.PriceAsync(2, TestContext.Current.CancellationToken));
        Assert.Equal(3m, await new Catalogue().PriceAsync(2, TestContext.Current.CancellationToken));
        Assert.Equal(2, Catalogue.Runs);
    }

    [Fact]
    public void Generic_methods_of_generic_types_are_cached_across_assemblies()
    {
        Assert.Equal("a/1", new Counter<string>().Count("a", 1));
        Assert.Equal("a/1", new Counter<string>().Count("a", 1));
        Assert.Equal("a/1", new Counter<string>().Count("a", 1L));
        Assert.Equal(2, Counter<string>.Runs);
    }

    [Fact]
    public void Extensions_are_cached_across_assemblies_and_have_handles()
    {
        Assert.Equal("cba", "abc".Reversed());
        Assert.Equal("cba", TextExtensions.Reversed("abc"));
        Assert.Equal(1, TextExtensions.Runs);
        Assert.True(TextExtensionsCache.Reversed.Evict("abc"));
        Assert.Equal("cba", "abc".Reversed());
        Assert.Equal(2, TextExtensions.Runs);
    }
}
