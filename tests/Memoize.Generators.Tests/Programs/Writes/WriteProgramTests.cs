using Memoize.Generators.Tests.Harness;
using Memoize.Tests.Tiers;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Generators.Tests.Programs.Writes;

/// <summary>
/// Random types that read and write, behind all doors, with all that evicts: first one after the other, where a read gives what was written last; then
/// by many at once, where a read gives nothing older than what was written, and evicted, before it began.
/// </summary>
public sealed class WriteProgramTests
{
    const int Repositories = 12;

    public static TheoryData<int> Programs => Seeds.Of(usually: 2);

    [Theory, MemberData(nameof(Programs))]
    public async Task A_read_gives_nothing_older_than_what_was_written_before_it_began(int seed)
    {
        var random = new Random(seed);
        var tier = $"writes-{seed}";
        var repositories = Enumerable.Range(0, Repositories).Select(number => new Repository(random, number, tier)).ToArray();
        var code = Truth + string.Join("\n\n", repositories.Select(repository => repository.Declaration));
        var script =
            $$"""
            #pragma warning disable
            public static class Script
            {
                {{string.Join("\n    ", repositories.Select(repository => repository.Setup))}}

                static readonly Kept[] All =
                [
                    {{string.Join(",\n        ", repositories.Select(repository => $"new({repository.Truths}, {(repository.Remembers ? "true" : "false")}, [{repository.Reader}{(repository.ManyReader is { } many ? ", " + many : "")}],\n            [{repository.Writers}])"))}}
                ];

                public static async Task Run()
                {
                    for (var i = 0; i < All.Length; i++)
                        await All[i].OneAfterTheOther(i, new Random({{seed}} * 100 + i));
                    await Task.WhenAll(All.SelectMany((kept, i) => Enumerable.Range(0, 4).Select(who => Task.Run(() => kept.ManyAtOnce(i, new Random({{seed}} * 1000 + 10 * i + who))))));
                    for (var i = 0; i < All.Length; i++)
                        await All[i].InTheEnd(i);
                }
            }
            """;

        var setup = new Setup { References = [MetadataReference.CreateFromFile(typeof(IDistributedCache).Assembly.Location)] };
        var run = GeneratorRun.Of(setup, ("Code.cs", code), ("Program.cs", script));
        var refused = string.Join("\n", (await AnalyzerRun.Of(setup, run.Input)).Where(found => found.Severity == DiagnosticSeverity.Error));
        Assert.True(refused.Length == 0, $"Program {seed} is refused:\n{refused}\n{code}");
        using var program = new LoadedProgram(run.Emit());
        Memo.AddTier(tier, seed % 2 == 0 ? new LeasingStore() : new TestStore(), new() { Timeout = 30 });
        try
        {
            await program.RunScript();
        }
        finally
        {
            Memo.RemoveTier(tier);
        }

        var wrong = (IEnumerable<string>)program.Main.GetType("Truth")!.GetField("Wrong")!.GetValue(null)!;
        Assert.True(!wrong.Any(), $"Program {seed}:\n{string.Join("\n", wrong.Take(10))}\n\n{string.Join("\n\n", repositories.Where((_, i) => wrong.Any(text => text.StartsWith($"R{i} ", StringComparison.Ordinal))).Take(3).Select(repository => repository.Declaration))}");
    }

    const string Truth =
        """
        #pragma warning disable CS1998
        using System.Collections.Concurrent;

        public sealed class Refused : Exception;

        /// <summary>Which number a write has written.</summary>
        public sealed class Receipt { public int Version; }

        /// <summary>What is written where, and what a read must know of at least.</summary>
        public static class Truth
        {
            static readonly ConcurrentDictionary<string, int> Written = new();
            static readonly ConcurrentDictionary<string, int> Over = new();
            static readonly object Gate = new();
            static int last;
            public static int Reads;
            public static readonly ConcurrentQueue<string> Wrong = new();

            public static string Key(int number, params object?[] parts) => number + "|" + string.Join("|", parts.Select(part => part is null ? "null" : part.ToString()));
            public static int Read(string key) { Interlocked.Increment(ref Reads); return Written.GetValueOrDefault(key); }
            public static int Now(string key) => Written.GetValueOrDefault(key);
            public static int Write(string key) { lock (Gate) return Written[key] = ++last; }
            public static int Known(string key) => Over.GetValueOrDefault(key);
            public static void IsOver(string key, int version) => Over.AddOrUpdate(key, version, (_, old) => Math.Max(old, version));
            public static async Task Pause() { if (last % 3 == 0) await Task.Delay(1); else await Task.Yield(); }
        }

        public sealed class Kept(string[] truths, bool remembers, Func<int, Task<int>>[] readers, Func<int, Receipt, Task>[] writers)
        {
            public async Task OneAfterTheOther(int number, Random random)
            {
                for (var step = 0; step < 60; step++)
                {
                    var key = random.Next(truths.Length);
                    if (random.Next(3) == 0)
                        await Write(random, key);
                    var reader = random.Next(readers.Length);
                    var read = await readers[reader](random.Next(4) == 0 ? key = random.Next(truths.Length) : key);
                    if (read != Truth.Now(truths[key]))
                        Truth.Wrong.Enqueue($"R{number} step {step}, reader {reader}, key {truths[key]}: {read} in place of {Truth.Now(truths[key])}");
                }
            }

            public async Task ManyAtOnce(int number, Random random)
            {
                for (var step = 0; step < 50; step++)
                {
                    var key = random.Next(truths.Length);
                    if (random.Next(4) == 0)
                        await Write(random, key);
                    var known = Truth.Known(truths[key]);
                    var reader = random.Next(readers.Length);
                    var read = await readers[reader](key);
                    if (read < known)
                        Truth.Wrong.Enqueue($"R{number} at once, reader {reader}, key {truths[key]}: {read}, and {known} was over before it began");
                }
            }

            public async Task InTheEnd(int number)
            {
                for (var round = 0; round < 2; round++)
                {
                    var before = Truth.Reads;
                    for (var key = 0; key < truths.Length; key++)
                    {
                        if (await readers[0](key) is var read && read != Truth.Now(truths[key]))
                            Truth.Wrong.Enqueue($"R{number} in the end, key {truths[key]}: {read} in place of {Truth.Now(truths[key])}");
                    }

                    if (round == 1 && remembers && Truth.Reads != before)
                        Truth.Wrong.Enqueue($"R{number} does not remember: {Truth.Reads - before} reads");
                }
            }

            async Task Write(Random random, int key)
            {
                var receipt = new Receipt();
                await writers[random.Next(writers.Length)](key, receipt);
                Truth.IsOver(truths[key], receipt.Version);
            }
        }

        """;
}
