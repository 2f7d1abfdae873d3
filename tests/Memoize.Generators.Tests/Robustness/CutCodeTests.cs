using System.Collections.Immutable;
using Memoize.Generators.Tests.CodeFixes;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Robustness;

/// <summary>
/// The programs of all other tests, as they are while somebody types them: cut off somewhere, and without one of their tokens.
/// Neither the generator nor an analyzer nor a fix throws, whatever is left.
/// </summary>
public sealed class CutCodeTests
{
    const int Parts = 4;

    public static TheoryData<int> All => [.. Enumerable.Range(0, Parts)];

    [Fact]
    public void There_is_much_to_cut() => Assert.InRange(TestedCode.All.Count, 900, int.MaxValue);

    [Theory, MemberData(nameof(All))]
    public async Task Nobody_throws_on_code_that_is_being_typed(int part)
    {
        var setup = new Setup { Unsafe = true };
        var driver = GeneratorRun.CreateDriver(setup);
        var empty = Sources.Compile(setup, ("Code.cs", ""));
        var failures = new List<string>();
        foreach (var program in TestedCode.All.Where((_, i) => i % Parts == part).SelectMany(Cut))
        {
            try
            {
                // One driver for all, as in an editor: each program is an edit of the one before.
                var tree = empty.SyntaxTrees[^1];
                var run = GeneratorRun.Once(setup, empty.ReplaceSyntaxTree(tree, Sources.Parse(tree.FilePath, program, (CSharpParseOptions)tree.Options)), driver);
                driver = run.Driver;
                Assert.Null(run.Result.Exception);
                await AnalyzerRun.Of(setup, run.Output);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failures.Add($"{failure.Message}\non\n{program}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}: " + string.Join("\n\n", failures.Take(5)));
    }

    [Theory, MemberData(nameof(All))]
    public async Task No_fix_throws_on_code_that_is_being_typed(int part)
    {
        var failures = new List<string>();
        foreach (var program in TestedCode.All.Where((_, i) => i % (Parts * 2) == part).Select(code => Cut(code).Last()))
        {
            using var solution = FixedSolution.Of(new Setup { Unsafe = true }, ("Code.cs", program));
            try
            {
                await solution.TryAll();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                failures.Add($"{failure.Message}\n{failure.StackTrace}\non\n{program}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}: " + string.Join("\n\n", failures.Take(5)));
    }

    // Where it is cut depends on the code alone, so that a failure comes again; over all programs it is everywhere.
    static IEnumerable<string> Cut(string code)
    {
        var tokens = CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTokens().ToImmutableArray();
        var whole = code.Aggregate(17u, (hash, c) => (hash * 31) + c);
        yield return code[..tokens[(int)(whole % (uint)tokens.Length)].SpanStart];
        var token = tokens[(int)(whole / 7 % (uint)tokens.Length)];
        yield return code.Remove(token.SpanStart, token.Span.Length);
    }
}
