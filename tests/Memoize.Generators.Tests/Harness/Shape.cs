using System.Diagnostics.CodeAnalysis;

namespace Memoize.Generators.Tests.Harness;

/// <summary>One row of a table of programs: declarations, what is done with them, and what must come of it.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Code">Declarations, in a file of their own.</param>
/// <param name="Run">Statements of the script, in another file; with <c>await</c> they run in an async method.</param>
/// <param name="Said">What the script says, with and without interception.</param>
/// <param name="Calls">How often originals run.</param>
/// <param name="Uncached">
/// How often they run with <c>MemoizeInterception=false</c>; that this is another number proves that the calls of the first run were
/// intercepted. Null where interception plays no part, as behind the partial door.
/// </param>
sealed record Shape(
    string Name,
    [StringSyntax("c#-test")] string Code,
    [StringSyntax("c#-test")] string Run,
    string Said,
    int Calls,
    int? Uncached = null)
{
    public Setup Setup { get; init; } = new();

    /// <summary>Further files, for rows about what a file's own usings or text do.</summary>
    public (string Path, string Text)[] More { get; init; } = [];

    /// <summary>The script is the whole main file, with top-level statements.</summary>
    public bool TopLevel { get; init; }

    /// <summary>Ids that the analyzers may report at warning or above, for rows about what they warn of.</summary>
    public string[] Allow { get; init; } = [];

    public (string Path, string Text)[] Files =>
    [
        ("Probe.cs", Probe.Text),
        ("Code.cs", Code),
        .. More,
        ("Program.cs", TopLevel ? Run : Script),
    ];

    string Script =>
        $$"""
        using static Probe;
        #pragma warning disable CS1998
        public static class Script
        {
            public static {{(Run.Contains("await ", StringComparison.Ordinal) ? "async Task" : "void")}} Run()
            {
                {{Run.ReplaceLineEndings("\n        ")}}
            }
        }
        """;

    public async Task Verify()
    {
        await VerifyWith(Setup, Calls);
        if (Uncached is { } uncached)
            await VerifyWith(Setup with { Interception = false }, uncached);

        var diagnostics = await AnalyzerRun.Of(Setup with { TopLevel = TopLevel }, Files);
        Assert.Equal("", AnalyzerRun.Complaints([.. diagnostics.Where(diagnostic => !Allow.Contains(diagnostic.Id))]));
    }

    async Task VerifyWith(Setup setup, int expectedCalls)
    {
        var run = GeneratorRun.Of(setup with { TopLevel = TopLevel }, Files);
        using var program = new LoadedProgram(run.Emit());
        var (said, calls) = TopLevel ? await program.RunMain() : await program.RunScript();
        Assert.True(
            (Said, expectedCalls) == (said, calls),
            $"""
            {(setup.Interception ? "With" : "Without")} interception
              expected: {Said} in {expectedCalls} calls
              actual:   {said} in {calls} calls
            {AnalyzerRun.Complaints(await AnalyzerRun.Of(setup, run.Input))}
            {run.GeneratedText}
            """);
    }
}

/// <summary>Makes theory rows of a table.</summary>
static class Table
{
    public static IEnumerable<TheoryDataRow<string>> Names(IEnumerable<Shape> shapes) =>
        shapes.Select(shape => new TheoryDataRow<string>(shape.Name) { TestDisplayName = shape.Name });

    public static Task Verify(IEnumerable<Shape> shapes, string name) => shapes.Single(shape => shape.Name == name).Verify();
}
