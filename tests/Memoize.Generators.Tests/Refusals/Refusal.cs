using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Refusals;

/// <summary>A declaration from which no cache may be made.</summary>
/// <param name="Name">Why, as a sentence; it is the name of the test.</param>
/// <param name="Code">The declaration; the refused method is the only one with the attribute.</param>
sealed record Refusal(string Name, [StringSyntax("c#-test")] string Code)
{
    public Setup Setup { get; init; } = new() { Unsafe = true };

    /// <summary>The compiler itself refuses the code as well, because a partial method without a wrapper has no body.</summary>
    public bool DoesNotCompile { get; init; }

    /// <summary>
    /// The analyzer reports an error at the declaration, the generator emits nothing, and what compiled without Memoize still does,
    /// so that the error is the only message that the user reads.
    /// </summary>
    public async Task Verify()
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", Code)];
        var input = Sources.Compile(Setup, files);
        if (!DoesNotCompile)
            Assert.DoesNotContain(input.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var run = GeneratorRun.Of(Setup, input);
        Assert.Equal("", run.GeneratedText);

        var diagnostics = await AnalyzerRun.Of(Setup, input);
        var error = diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(error is not null, $"No analyzer refuses it. Reported: {string.Join("\n", diagnostics)}");
        Assert.StartsWith("MEMO", error.Id, StringComparison.Ordinal);
        Assert.EndsWith("Code.cs", error.Location.SourceTree!.FilePath, StringComparison.Ordinal);
        Assert.DoesNotContain("{0}", error.GetMessage(null), StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string>> Names(IEnumerable<Refusal> refusals) =>
        refusals.Select(refusal => new TheoryDataRow<string>(refusal.Name) { TestDisplayName = "Refused: " + refusal.Name });
}
