using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Memoize.Generators.Tests.Harness;
using Memoize.Tests.Tiers;
using Memoize.Tiers;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>
/// Random results through a tier: what does not come back as it was is refused when it is compiled, or is not stored and counted. The
/// program is loaded twice, so that the second one has nothing in memory; and once more in a later version, whose types have changed.
/// </summary>
public sealed class ResultProgramTests
{
    public static TheoryData<int> Programs => Seeds.Of(usually: 2);

    [Theory, MemberData(nameof(Programs))]
    public async Task What_a_tier_gives_back_is_what_was_stored(int seed)
    {
        var (program, next) = (new ResultProgram(seed), new ResultProgram(seed, seed));
        var (first, refused) = await Compile(program);
        var (later, refusedLater) = await Compile(next);
        using var tier = new Tier(seed);

        using (var loaded = new LoadedProgram(first))
            await Check(loaded, program, refused, tier, "stored");
        var stored = tier.Statistics;
        Assert.Equal((program.Methods - refused.Count) * ResultProgram.Values, stored.Stores + stored.NotStoredUnserializable);
        Assert.True(stored.Stores > 0, $"Nothing of program {seed} is stored.");

        using (var loaded = new LoadedProgram(first))
            await Check(loaded, program, refused, tier, "read");

        using (var loaded = new LoadedProgram(later))
            await Check(loaded, next, refusedLater, tier, "read by the later version", isSame: false);
    }

    static async Task<(byte[] Image, HashSet<int> Refused)> Compile(ResultProgram program)
    {
        var setup = new Setup { References = [MetadataReference.CreateFromFile(typeof(IDistributedCache).Assembly.Location)] };
        var run = GeneratorRun.Of(setup, ("Code.cs", program.Code), ("Program.cs", program.Script));
        var refused = new HashSet<int>();
        foreach (var found in (await AnalyzerRun.Of(setup, run.Input)).Where(found => found.Severity == DiagnosticSeverity.Error))
        {
            var line = found.Location.SourceTree!.GetText().Lines.GetLineFromPosition(found.Location.SourceSpan.Start).ToString();
            var method = Regex.Match(line, @"class S(\d+) ");
            Assert.True(method.Success, $"{found}\n{line}");
            refused.Add(int.Parse(method.Groups[1].Value, CultureInfo.InvariantCulture));
        }

        return (run.Emit(), refused);
    }

    static async Task Check(LoadedProgram loaded, ResultProgram program, HashSet<int> refused, Tier tier, string how, bool isSame = true)
    {
        var script = loaded.Main.GetType("Script")!;
        var (cached, plain) = ((Func<int, object?>[])script.GetField("Cached")!.GetValue(null)!, (Func<int, object?>[])script.GetField("Plain")!.GetValue(null)!);
        var wrong = new SortedDictionary<int, string>();
        for (var value = 0; value < ResultProgram.Values; value++)
        {
            for (var method = 0; method < program.Methods; method++)
            {
                if (refused.Contains(method))
                    continue;
                var (isStored, misses) = (tier.Has(method, value), tier.Statistics.Misses);
                if (Difference.Of(plain[method](value), cached[method](value), $"S{method}.M({value})") is { } difference)
                    wrong.TryAdd(method, difference);
                if (isStored && isSame && tier.Statistics.Misses > misses)
                    wrong.TryAdd(method, $"S{method}.M({value}) is stored, and was not found");
            }

            // One value after the other, as some of them depend on what the first ones were like.
            await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(wrong.Count == 0, $"Program {program.Seed}, when {how}:\n{string.Join("\n", wrong.Values)}\n\n{program.Around(wrong.Keys.Take(3))}");
    }

    sealed class Tier : IDisposable
    {
        readonly string _name;
        readonly TestStore _store;
        readonly CacheTier _tier;

        public Tier(int seed)
        {
            _name = ResultProgram.Tier(seed);
            _store = seed % 2 == 0 ? new LeasingStore() : new TestStore();
            _tier = Memo.AddTier(_name, _store, new() { Timeout = 30, Json = OptionsOf(seed) });
        }

        public bool Has(int method, int value) => _store.ValueKeys.Any(key => key.EndsWith($":S{method}.M(int)(i:{value})", StringComparison.Ordinal));

        public CacheTierStatistics Statistics => _tier.Statistics;

        public void Dispose() => Memo.RemoveTier(_name);

        static JsonSerializerOptions? OptionsOf(int seed) => (seed % 9) switch
        {
            1 => new(JsonSerializerDefaults.Web),
            2 => new() { Converters = { new JsonStringEnumConverter() } },
            3 => new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals },
            4 => new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault },
            5 => new() { DictionaryKeyPolicy = JsonNamingPolicy.CamelCase, IncludeFields = true },
            6 => new() { ReferenceHandler = ReferenceHandler.IgnoreCycles },
            _ => null,
        };
    }
}
