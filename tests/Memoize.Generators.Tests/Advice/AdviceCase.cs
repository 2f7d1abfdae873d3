using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Advice;

/// <summary>One program that is cached, and what one rule has to say about it.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">Words of each message of the rule, in order; none where it must be silent.</param>
sealed record AdviceCase(string Name, string Rule, [StringSyntax("c#-test")] string Code, params string[] Expected)
{
    /// <summary>The rule is an error, and where it is reported, nothing is generated.</summary>
    public bool Refuses { get; init; }

    /// <summary>The program compiles and is cached: what an error refuses would prove nothing about advice.</summary>
    public async Task Verify()
    {
        (string, string)[] files = [("Code.cs", Code)];
        var setup = new Setup { Unsafe = true };
        var run = GeneratorRun.Of(setup, Sources.Compile(setup, files));
        Assert.Equal(Refuses && Expected.Length > 0, run.GeneratedText.Length == 0);
        Assert.DoesNotContain(run.Output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var diagnostics = await AnalyzerRun.Of(setup, run.Output);
        var found = diagnostics.Where(diagnostic => diagnostic.Id == Rule).Select(diagnostic => diagnostic.GetMessage(null)).ToList();
        Assert.True(found.Count == Expected.Length, $"expected {Expected.Length} of {Rule}, but there are\n{string.Join("\n", diagnostics)}");
        foreach (var (message, words) in found.Zip(Expected))
            Assert.Contains(words, message, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string>> Names(IEnumerable<AdviceCase> cases) =>
        cases.Select(one => new TheoryDataRow<string>(one.Name) { TestDisplayName = one.Name });

    public static Task Verify(IEnumerable<AdviceCase> cases, string name) => cases.Single(one => one.Name == name).Verify();
}
