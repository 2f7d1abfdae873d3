using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Advice;

/// <summary>One program that is cached, and the words of a rule about it.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">Words of each message of the rule, in order; none where it must be silent.</param>
sealed record AdviceCase(string Name, string Rule, [StringSyntax("c#-test")] string Code, params string[] Expected) : RuleCase(Name, Code, Expected)
{
    /// <summary>The rule is an error, and where it is reported, nothing is generated.</summary>
    public bool Refuses { get; init; }

    /// <summary>Text that each diagnostic points at; empty where the case is about words alone.</summary>
    public string At { get; init; } = "";

    protected override void AssertGenerated(GeneratorRun run) => Assert.Equal(Refuses && Expected.Length > 0, run.GeneratedText.Length == 0);

    protected override void AssertFound(IReadOnlyList<Diagnostic> found, string all)
    {
        Assert.True(found.Count == Expected.Length, $"expected {Expected.Length} of {Rule}, but there are\n{all}");
        foreach (var (diagnostic, words) in found.Zip(Expected))
        {
            Assert.Contains(words, diagnostic.GetMessage(null), StringComparison.Ordinal);
            if (At.Length > 0)
                Assert.Equal(At, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan));
        }
    }

    public static Task Verify(IEnumerable<AdviceCase> cases, string name)
    {
        var one = cases.Single(one => one.Name == name);
        return one.Verify(one.Rule);
    }
}
