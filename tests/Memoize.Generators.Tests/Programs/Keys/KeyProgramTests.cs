using System.Globalization;
using System.Text.RegularExpressions;
using Memoize.Generators.Tests.Harness;
using Memoize.Tests.Tiers;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Generators.Tests.Programs.Keys;

/// <summary>
/// Random arguments as keys of a tier, under the cultures that write numbers otherwise: argument lists that a method can tell apart never
/// share an entry, and the others always do. The program is loaded twice, and the second one finds all that the first has stored.
/// </summary>
public sealed class KeyProgramTests
{
    static readonly CultureInfo[] _cultures = [.. new[] { "", "tr-TR", "ar-SA", "fa-IR", "sv-SE", "th-TH", "de-DE" }.Select(CultureInfo.GetCultureInfo), Odd()];

    public static TheoryData<int> Programs => Seeds.Of(usually: 1);

    [Theory, MemberData(nameof(Programs))]
    public async Task Arguments_share_an_entry_exactly_where_a_method_cannot_tell_them_apart(int seed)
    {
        var program = new KeyProgram(seed);
        var setup = new Setup { References = [MetadataReference.CreateFromFile(typeof(IDistributedCache).Assembly.Location)] };
        var run = GeneratorRun.Of(setup, ("Code.cs", program.Code), ("Program.cs", program.Script));
        var refused = (await AnalyzerRun.Of(setup, run.Input)).Where(found => found.Severity == DiagnosticSeverity.Error).Select(MethodOf).ToHashSet();
        var image = run.Emit();

        var store = new TestStore();
        var tier = Memo.AddTier(KeyProgram.Tier(seed), store, new() { Timeout = 30 });
        try
        {
            int different;
            using (var loaded = new LoadedProgram(image))
            {
                different = Call(loaded, program, refused, new Random(seed));
                Assert.Equal(different, RunsOf(loaded));
                await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
                Assert.Equal((different, different), ((int)tier.Statistics.Stores, store.ValueKeys.Count()));
            }

            using (var loaded = new LoadedProgram(image))
            {
                Assert.Equal(different, Call(loaded, program, refused, new Random(-seed)));
                Assert.Equal(0, RunsOf(loaded));
            }
        }
        finally
        {
            Memo.RemoveTier(tier.Name);
        }
    }

    static int MethodOf(Diagnostic found)
    {
        var line = found.Location.SourceTree!.GetText().Lines.GetLineFromPosition(found.Location.SourceSpan.Start).ToString();
        Assert.True(found.Id == "MEMO1101", $"{found}\n{line}");
        return int.Parse(Regex.Match(line, @"class K(\d+) ").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Calls all, and says how many argument lists there were that a method can tell apart.</summary>
    static int Call(LoadedProgram loaded, KeyProgram program, HashSet<int> refused, Random random)
    {
        var calls = ((int Method, Func<string> Cached, Func<string> Plain)[])loaded.Main.GetType("Script")!.GetField("Calls")!.GetValue(null)!;
        var different = new HashSet<(int, string)>();
        foreach (var (method, cached, plain) in calls.Where(call => !refused.Contains(call.Method)).OrderBy(_ => random.Next()))
        {
            var expected = plain();
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = _cultures[random.Next(_cultures.Length)];
            var given = cached();
            CultureInfo.CurrentCulture = before;
            Assert.True(given == expected, $"Program {program.Seed} gave {given} in place of {expected}:\n{program.Method(method)}");
            different.Add((method, expected));
        }

        return different.Count;
    }

    static int RunsOf(LoadedProgram loaded) => (int)loaded.Main.GetType("Count")!.GetProperty("Runs")!.GetValue(null)!;

    // No machine has one like it, and any may.
    static CultureInfo Odd()
    {
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NegativeSign, odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NaNSymbol) = ("minus", ";", "1");
        (odd.DateTimeFormat.DateSeparator, odd.DateTimeFormat.TimeSeparator) = ("\"", ",");
        return odd;
    }
}
