using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Bodies;

/// <summary>One program, and the rules of bodies that have something to say about it.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">The text that each diagnostic points at, in order; none where nothing is wrong.</param>
sealed record BodyCase(string Name, [StringSyntax("c#-test")] string Code, params string[] Expected)
{
    /// <summary>Words that the message contains.</summary>
    public string[] Says { get; init; } = [];

    /// <summary>Code that is in another file, such as stand-ins for libraries.</summary>
    public string More { get; init; } = "";

    /// <summary>The program is compiled, so that a case cannot be green because it means nothing; then the one rule is looked at.</summary>
    public async Task Verify(string id)
    {
        var files = new List<(string, string)> { ("Code.cs", Code) };
        if (More.Length > 0)
            files.Add(("More.cs", More));
        var input = Sources.Compile(new Setup(), files);
        var errors = input.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id is not "CS8795");
        Assert.Empty(errors);

        var run = GeneratorRun.Of(new Setup(), input);
        var diagnostics = await AnalyzerRun.Of(new Setup(), run.Output);
        var found = diagnostics.Where(diagnostic => diagnostic.Id == id).ToList();
        Assert.True(
            Expected.SequenceEqual(found.Select(Marked)),
            $"expected: {string.Join(" | ", Expected)}\nactual:   {string.Join(" | ", found.Select(Marked))}\n{string.Join("\n", diagnostics)}");
        foreach (var word in Says)
            Assert.Contains(word, string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage(null))), StringComparison.Ordinal);

        // A method that another rule refuses would prove nothing.
        if (Expected.Length == 0)
            Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostic.Id.StartsWith("MEMO05", StringComparison.Ordinal) && !diagnostic.Id.StartsWith("MEMO06", StringComparison.Ordinal));
    }

    static string Marked(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    public static IEnumerable<TheoryDataRow<string>> Names(IEnumerable<BodyCase> cases) =>
        cases.Select(one => new TheoryDataRow<string>(one.Name) { TestDisplayName = one.Name });

    public static Task Verify(IEnumerable<BodyCase> cases, string name, string id) => cases.Single(one => one.Name == name).Verify(id);
}
