using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Programs;

/// <summary>
/// Random methods behind all doors, called in random ways, first by several at once, then by one who removes entries as well: every cached call gives
/// what its plain twin gives, and the original runs once for all calls whose arguments nobody could tell apart.
/// </summary>
public sealed class RandomProgramTests
{
    public static TheoryData<int> Programs => Seeds.Of(usually: 4);

    [Theory, MemberData(nameof(Programs))]
    public async Task A_cached_call_gives_what_the_plain_one_gives_and_runs_it_once(int seed)
    {
        var random = new Random(seed);
        var methods = Enumerable.Range(0, 2 * (int)Door.Count).Select(number => new RandomMethod(random, number)).ToArray();
        var code = Things.Declarations + "\n\n" + string.Join("\n\n", methods.Select(method => method.Declaration));
        var checks = methods.SelectMany(method => Enumerable.Range(0, 8).Select(_ => method.Check())).ToList();
        var steps = methods.SelectMany(method => Enumerable.Range(0, 10).Select(i => i % 4 == 0 ? method.Removal() : method.Check())).ToList();
        var script =
            $$"""
            using System.Collections.Immutable;
            #pragma warning disable CS1998
            public static class Script
            {
                {{string.Join("\n    ", methods.Select(method => method.Setup).Where(text => text.Length > 0))}}

                static readonly Func<Task>[] Checks =
                [
                    {{string.Join("\n        ", checks.Select(check => $"async () => {{ {check} }},"))}}
                ];

                static async Task RunAll(int seed)
                {
                    var order = new Random(seed);
                    foreach (var check in Checks.OrderBy(_ => order.Next()))
                        await check();
                }

                public static async Task Run()
                {
                    await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() => RunAll(seed))));
                    {{string.Join("\n        ", steps)}}
                }
            }
            """;

        var run = GeneratorRun.Of(new Setup(), ("Code.cs", code), ("Program.cs", script));
        var refused = string.Join("\n", (await AnalyzerRun.Of(new Setup(), run.Input)).Where(found => found.Severity == DiagnosticSeverity.Error));
        Assert.True(refused.Length == 0, $"Seed {seed} is refused:\n{refused}");
        using var program = new LoadedProgram(run.Emit());
        await program.RunScript();

        var book = program.Main.GetType("Book")!;
        var wrong = (string)book.GetProperty("Wrong")!.GetValue(null)!;
        Assert.True(wrong.Length == 0, $"Seed {seed}:\n{wrong}\n\n{string.Join("\n\n", methods.Where(method => wrong.Contains(method.Name + " ", StringComparison.Ordinal)).Take(3).Select(method => method.Declaration))}");
        Assert.True((int)book.GetField("Checks")!.GetValue(null)! >= 4 * checks.Count);
    }
}
