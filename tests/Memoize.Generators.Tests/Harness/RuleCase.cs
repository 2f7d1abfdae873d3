using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Harness;

/// <summary>One program, and what one rule has to say about it; how that is told from what is found, each kind of case says.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">One entry for each diagnostic of the rule, in order; none where it must be silent.</param>
abstract record RuleCase(string Name, [StringSyntax("c#-test")] string Code, string[] Expected)
{
    /// <summary>Code that is in another file, such as stand-ins for libraries.</summary>
    public string More { get; init; } = "";

    /// <summary>What is generated, where something is reported and where not; the same for all, unless a case says otherwise.</summary>
    protected virtual void AssertGenerated(GeneratorRun run)
    {
    }

    protected abstract void AssertFound(IReadOnlyList<Diagnostic> found, string all);

    /// <summary>The program is compiled, so that a case cannot be green because it means nothing; then the one rule is looked at.</summary>
    public async Task Verify(string rule)
    {
        var files = new List<(string, string)> { ("Code.cs", Code) };
        if (More.Length > 0)
            files.Add(("More.cs", More));
        var setup = new Setup { Unsafe = true };
        var input = Sources.Compile(setup, files);
        AssertCompiles(input);
        var run = GeneratorRun.Of(setup, input);
        AssertGenerated(run);
        AssertCompiles(run.Output);

        var diagnostics = await AnalyzerRun.Of(setup, run.Output);
        AssertFound([.. diagnostics.Where(diagnostic => diagnostic.Id == rule)], string.Join("\n", diagnostics));

        // A method that another rule refuses would prove nothing.
        if (Expected.Length == 0)
            Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id[..6] is not ("MEMO05" or "MEMO06"));
    }

    // A partial method without its wrapper has no body.
    static void AssertCompiles(Compilation compilation) => Assert.DoesNotContain(
        compilation.GetDiagnostics(TestContext.Current.CancellationToken),
        finding => finding.Severity == DiagnosticSeverity.Error && finding.Id != "CS8795");

    public static IEnumerable<TheoryDataRow<string>> Names(IEnumerable<RuleCase> cases) =>
        cases.Select(one => new TheoryDataRow<string>(one.Name) { TestDisplayName = one.Name });

    public static Task Verify(IEnumerable<RuleCase> cases, string name, string rule) => cases.Single(one => one.Name == name).Verify(rule);
}
