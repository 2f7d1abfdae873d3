using System.Globalization;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Incrementality;

/// <summary>
/// Where very many files have calls, some share a file of interceptors: each of those declares the attribute for itself, and the
/// compiler passes by all of them for each.
/// </summary>
public sealed class ManyFilesTests
{
    const int Files = 300;

    static readonly (string Path, string Text)[] _files =
    [
        ("Store.cs", "namespace Shop; public static class Store { [Cached] public static int Find(int id) => Probe.Call(id); [Cached] public static int Rank(int id) => Probe.Call(-id); }"),
        .. Enumerable.Range(0, Files).Select(static i =>
            ($"Caller{i}.cs", $"namespace Shop; public static class Caller{i} {{ public static int Go() => Store.Find({i % 10}) + Store.Find({i % 10}) + Store.Rank({i % 10}); }}")),
    ];

    [Fact]
    public void Files_share_and_an_edit_makes_one_of_the_shared_ones_anew()
    {
        var (before, after) = Edits.Apply([("Probe.cs", Probe.Text), .. _files], Edits.Replace("Caller7.cs", "Store.Rank(7)", "Store.Rank(8)"));
        var shared = before.GeneratedSources.Where(file => file.HintName.Contains("Interceptors", StringComparison.Ordinal)).ToArray();
        Assert.InRange(shared.Length, 2, 16);
        Assert.Equal(3 * Files, shared.Sum(file => file.SourceText.ToString().Split("[@InterceptsLocation(").Length - 1));

        // Calls of one method have one forwarder, whichever of the files they stand in.
        Assert.All(shared, file => Assert.Equal(2, file.SourceText.ToString().Split("public static int ").Length - 1));

        var made = Assert.Single(Edits.Files(before, after).Made);
        var text = after.GeneratedSources.Single(file => Edits.Files(before, after).Made.Contains(file.HintName)).SourceText.ToString();
        Assert.StartsWith("Calls.", made, StringComparison.Ordinal);
        Assert.Contains("// Caller7.cs(1)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_calls_are_intercepted()
    {
        var calls = string.Join(" + ", Enumerable.Range(0, Files).Select(static i => $"Shop.Caller{i}.Go()"));
        (string, string)[] files = [("Probe.cs", Probe.Text), .. _files, ("Script.cs", $"public static class Script {{ public static void Run() => Probe.Say({calls}); }}")];
        using var program = new LoadedProgram(GeneratorRun.Of(new Setup(), files).Emit());
        Assert.Equal((Enumerable.Range(0, Files).Sum(static i => i % 10).ToString(CultureInfo.InvariantCulture), 20), await program.RunScript());
    }
}
