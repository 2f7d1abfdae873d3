using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Promises;

/// <summary>A program in which every diagnostic is marked where it must stand, as in <c>{|MEMO0101:list|}</c>.</summary>
/// <param name="Name">A sentence; it is the name of the test.</param>
/// <param name="Code">The program. What is not marked must not be reported.</param>
/// <param name="Says">Words that the messages contain.</param>
sealed partial record Marked(string Name, [StringSyntax("c#-test")] string Code, params string[] Says)
{
    /// <summary>Code that is in another file, such as stand-ins for libraries.</summary>
    public string More { get; init; } = "";

    public async Task Verify()
    {
        var expected = new List<(int Start, string Id, string Text)>();
        var removed = 0;
        var code = Mark().Replace(Code, mark =>
        {
            var (id, text) = (mark.Groups["id"].Value, mark.Groups["text"].Value);
            expected.Add((mark.Index - removed, id, text));
            removed += mark.Length - text.Length;
            return text;
        });

        var files = new List<(string, string)> { ("Code.cs", code) };
        if (More.Length > 0)
            files.Add(("More.cs", More));
        var setup = new Setup { Unsafe = true };
        var input = Sources.Compile(setup, files);

        // A partial method without its wrapper has no body; any other error would be a row that means nothing.
        Assert.DoesNotContain(input.GetDiagnostics(TestContext.Current.CancellationToken), finding => finding.Severity == DiagnosticSeverity.Error && finding.Id != "CS8795");
        _ = GeneratorRun.Of(setup, input);
        var found = (await AnalyzerRun.Of(setup, input)).Where(diagnostic => diagnostic.Severity > DiagnosticSeverity.Hidden).ToList();
        Assert.Equal(
            expected,
            found.Select(diagnostic => (diagnostic.Location.SourceSpan.Start, diagnostic.Id, diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan))));
        foreach (var words in Says)
            Assert.Contains(words, string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage(null))), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{\|(?<id>MEMO\d{4}):(?<text>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
