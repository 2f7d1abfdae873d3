using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Bodies;

/// <summary>One program, and the places in its bodies that a rule points at.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">The text that each diagnostic points at, in order; none where nothing is wrong.</param>
sealed record BodyCase(string Name, [StringSyntax("c#-test")] string Code, params string[] Expected) : RuleCase(Name, Code, Expected)
{
    /// <summary>Words that the messages contain.</summary>
    public string[] Says { get; init; } = [];

    protected override void AssertFound(IReadOnlyList<Diagnostic> found, string all)
    {
        var places = found.Select(diagnostic => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)).ToList();
        Assert.True(Expected.SequenceEqual(places), $"expected: {string.Join(" | ", Expected)}\nactual:   {string.Join(" | ", places)}\n{all}");
        foreach (var word in Says)
            Assert.Contains(word, string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage(null))), StringComparison.Ordinal);
    }
}
