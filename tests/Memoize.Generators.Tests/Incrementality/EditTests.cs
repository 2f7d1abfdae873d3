using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Incrementality;

/// <summary>After an edit, what the edited file owns is made anew and nothing else; and a real change always is.</summary>
public sealed class EditTests
{
    static readonly (string Path, string Text)[] _files =
    [
        ("Store.cs", "namespace Shop; public sealed class Store { [Cached(Ttl = 300)] public string Find(int id) { return \"v\" + id; } }"),
        ("Rates.cs", "namespace Shop; public static class Rates { [Cached] public static int Of(string name) => name.Length; }"),
        ("A.cs", "namespace Shop; public static class A { public static string Go(Store s) => s.Find(1) + Rates.Of(\"a\"); }"),
        ("B.cs", "namespace Shop; public static class B { public static string Go(Store s) => s.Find(2); public static int Other() => 1; }"),
        ("Unrelated.cs", "namespace Shop; public static class Unrelated { public static int X() => 1; }"),
    ];

    /// <param name="Name">The edit, in words.</param>
    /// <param name="Apply">The edit.</param>
    /// <param name="Made">The generated files that are made anew; all others must be kept.</param>
    sealed record Row(string Name, Func<CSharpCompilation, CSharpCompilation> Apply, params string[] Made)
    {
        /// <summary>Steps and the reasons of their outputs, where the row is precise about them.</summary>
        public (string Step, string Reasons)[] Steps { get; init; } = [];
    }

    const string StoreCell = "Shop.Store_Find.g.cs";
    const string StoreHandles = "Shop.StoreCache.g.cs";
    const string RatesHandles = "Shop.RatesCache.g.cs";
    // One line for each cached method: made anew when there is one more, or one less, or one of another name.
    const string Catalog = "Memoize.Catalog.g.cs";
    const string CallsInA = "A.Interceptors.g.cs";
    const string CallsInB = "B.Interceptors.g.cs";

    static readonly Row[] _rows =
    [
        new("the same compilation again", compilation => compilation.Clone())
        {
            Steps = [("Methods", "Cached, Cached"), ("CallSiteFiles", "Unchanged, Unchanged"), ("Handles", "Cached, Cached")],
        },
        new("an edit of an unrelated file", Edits.Replace("Unrelated.cs", "=> 1", "=> 2")),
        new("a new unrelated file", Edits.Add("New.cs", "public static class New { public static int X() => Y(); static int Y() => 1; }")),
        new("a comment at the end of a file with calls", Edits.Replace("B.cs", "Other() => 1; }", "Other() => 1; } // note"), CallsInB)
        {
            Steps = [("Methods", "Cached, Cached"), ("Handles", "Cached, Cached")],
        },
        new("another method in a file with calls", Edits.Replace("B.cs", "=> 1;", "=> 2;"), CallsInB),
        new("the body of a cached method", Edits.Replace("Store.cs", "\"v\" + id", "\"w\" + id"))
        {
            Steps = [("CallSiteFiles", "Unchanged, Unchanged")],
        },
        new("a comment before a cached method", Edits.Replace("Store.cs", "namespace Shop;", "// note\nnamespace Shop;")),
        new("another argument of a call", Edits.Replace("B.cs", "Find(2)", "Find(3)"), CallsInB),
        new("an argument of the attribute", Edits.Replace("Store.cs", "Ttl = 300", "Ttl = 301"), StoreCell, StoreHandles),
        new("the name of a parameter", Edits.Replace("Store.cs", "int id) { return \"v\" + id", "int key) { return \"v\" + key"), StoreCell, StoreHandles, CallsInA, CallsInB),
        new("a default of a parameter", Edits.Replace("Store.cs", "int id)", "int id = 5)"), StoreCell, StoreHandles),
        new("the name of a cached method", Edits.Replace("Rates.cs", "int Of(", "int Rate("), "Shop.Rates_Rate.g.cs", "Shop.RatesCache.g.cs", CallsInA, Catalog),
        new("a new call in a file with calls", Edits.Replace("B.cs", "=> 1;", "=> Rates.Of(\"b\");"), CallsInB),
        new("the last call of a file is removed", Edits.Replace("B.cs", "s.Find(2)", "\"\"")),
        new("the first call of a file", Edits.Replace("Unrelated.cs", "=> 1", "=> Rates.Of(\"u\")"), "Unrelated.Interceptors.g.cs"),
        // Handles are gathered by type and sorted, so a type more or less shifts those behind it; their text stays the same.
        new("a new cached method", Edits.Add("More.cs", "namespace Shop; public static class More { [Cached] public static int M(int a) => a; }"), "Shop.More_M.g.cs", "Shop.MoreCache.g.cs", RatesHandles, StoreHandles, Catalog),
        // What is declared for the assembly is part of a model only where the method varies by it.
        new("an ambient value that no method varies by", Edits.Replace("Unrelated.cs", "namespace Shop;", "[assembly: CacheVaryBy(\"x\", typeof(Shop.Unrelated), \"X\")] namespace Shop;"))
        {
            Steps = [("Methods", "Cached, Cached"), ("CallSiteFiles", "Unchanged, Unchanged")],
        },
        new("an ambient value that all vary by", Edits.Replace("Unrelated.cs", "namespace Shop;", "[assembly: CacheVaryBy(\"x\", typeof(Shop.Unrelated), \"X\", Default = true)] namespace Shop;"), StoreCell, StoreHandles, "Shop.Rates_Of.g.cs", RatesHandles),
        new("the attribute is removed", Edits.Replace("Rates.cs", "[Cached] ", ""), CallsInA, StoreHandles, Catalog),
        new("a call to a method that is not cached", Edits.Replace("Unrelated.cs", "=> 1", "=> B.Other()")),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => _rows.Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = "Made anew after: " + row.Name });

    [Theory, MemberData(nameof(Rows))]
    public void Only_what_changed_is_made_anew(string name)
    {
        var row = _rows.Single(candidate => candidate.Name == name);
        var (before, after) = Edits.Apply(_files, row.Apply);
        var (made, _) = Edits.Files(before, after);
        Assert.Equal(row.Made.Order(StringComparer.Ordinal), made);
        foreach (var (step, reasons) in row.Steps)
            Assert.Equal(reasons, Edits.Reasons(after, step));
    }

    [Fact]
    public void Files_are_named_for_their_readers()
    {
        var (before, _) = Edits.Apply(_files, compilation => compilation);
        Assert.All(before.GeneratedSources, file => Assert.EndsWith(".g.cs", file.HintName, StringComparison.Ordinal));
        Assert.Equal(before.GeneratedSources.Length, before.GeneratedSources.Select(file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(before.GeneratedSources, file => Assert.DoesNotContain("/src/App", file.SourceText.ToString(), StringComparison.Ordinal));
        Assert.All(before.GeneratedSources, file => Assert.DoesNotContain("\r", file.SourceText.ToString(), StringComparison.Ordinal));
    }
}
