using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Harness;

/// <summary>Runs the generator, edits, runs it again, and says what had to be made anew.</summary>
static class Edits
{
    /// <summary>The reasons of all outputs of a step, such as <c>Cached, Modified</c>; in the order of the step.</summary>
    public static string Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out var runs)
            ? string.Join(", ", runs.SelectMany(run => run.Outputs).Select(output => output.Reason))
            : "";

    /// <summary>Hint names of the files whose text was made anew, and of those that came from the last run.</summary>
    public static (string[] Made, string[] Kept) Files(GeneratorRunResult before, GeneratorRunResult after)
    {
        // The driver hands out the very text of the last run for a file that it did not make again.
        var old = before.GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText);
        var made = after.GeneratedSources.Where(file => !old.TryGetValue(file.HintName, out var text) || !ReferenceEquals(text, file.SourceText));
        return ([.. made.Select(file => Readable(file.HintName)).Order(StringComparer.Ordinal)],
            [.. after.GeneratedSources.Select(file => Readable(file.HintName)).Except(made.Select(file => Readable(file.HintName))).Order(StringComparer.Ordinal)]);
    }

    public static (GeneratorRunResult Before, GeneratorRunResult After) Apply(
        IReadOnlyList<(string Path, string Text)> files, Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var setup = new Setup();
        var first = Sources.Compile(setup, files);
        var before = GeneratorRun.Once(setup, first, GeneratorRun.CreateDriver(setup));
        var after = GeneratorRun.Once(setup, edit(first), before.Driver);
        Assert.Null(before.Result.Exception);
        Assert.Null(after.Result.Exception);

        // The edit of a running driver gives what a fresh one gives.
        var fresh = GeneratorRun.Once(setup, after.Input, GeneratorRun.CreateDriver(setup));
        Assert.Equal(fresh.GeneratedText, after.GeneratedText);
        return (before.Result, after.Result);
    }

    public static Func<CSharpCompilation, CSharpCompilation> Replace(string path, string old, string replacement) => compilation =>
    {
        var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith("/" + path, StringComparison.Ordinal));
        var text = tree.ToString();
        Assert.Contains(old, text, StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(tree, Sources.Parse(tree.FilePath, text.Replace(old, replacement, StringComparison.Ordinal), (CSharpParseOptions)tree.Options));
    };

    public static Func<CSharpCompilation, CSharpCompilation> Add(string path, string text) => compilation =>
        compilation.AddSyntaxTrees(Sources.Parse(path, text, (CSharpParseOptions)compilation.SyntaxTrees[0].Options));

    /// <summary>Without the hash that makes the name unique.</summary>
    static string Readable(string hintName)
    {
        var parts = hintName.Split('.');
        return string.Join(".", parts.Where(part => !(part.Length is 6 or 8 && part.All(char.IsAsciiHexDigit))));
    }
}
