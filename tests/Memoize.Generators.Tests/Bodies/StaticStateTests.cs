namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0504: static members that can change while results are remembered.</summary>
public sealed class StaticStateTests
{
    static readonly BodyCase[] _reported =
    [
        new("A table that a helper changes later as well", "public static class S { static readonly int[] Table = new int[9]; static S() { Set(1); } static void Set(int i) => Table[i] = i; public static void More(int i) => Set(i); [Cached] public static int M(int a) => Table[a]; }", "Table") { Says = ["a frozen or immutable collection"] },
        new("A private field that a method sets", "public static class S { static int _rate = 1; public static void Set(int r) => _rate = r; [Cached] public static int M(int a) => a * _rate; }", "_rate") { Says = ["the static field '_rate'", "readonly"] },
        new("A private field that is counted", "public static class S { static int _n; public static void Next() => _n++; [Cached] public static int M(int a) => a + _n; }", "_n"),
        new("A private field that is set through a reference", "public static class S { static int _n; public static void Next() => Interlocked.Exchange(ref _n, 4); [Cached] public static int M(int a) => a + Volatile.Read(ref _n); }", "_n"),
        new("A field that somebody else sets", "public static class Start { public static void Up() => S.Rate = 2; } public static class S { public static int Rate = 1; [Cached] public static int M(int a) => a * Rate; }", "Rate"),
        new("A field of another type that somebody sets", "public static class Start { public static void Up(int r) => Settings.Rate = r; } public static class Settings { internal static int Rate = 1; } public static class S { [Cached] public static int M(int a) => a * Settings.Rate; }", "Settings.Rate"),
        new("A property that anybody can set", "public static class Settings { public static int Rate { get; set; } } public static class S { [Cached] public static int M(int a) => a * Settings.Rate; }", "Settings.Rate") { Says = ["the static property 'Rate'"] },
        new("A property that its type sets", "public static class S { static int Rate { get; set; } public static void Load() => Rate = 3; [Cached] public static int M(int a) => a * Rate; }", "Rate"),
        new("A property with a private setter that is used", "public static class Settings { public static int Rate { get; private set; } public static void Load(int r) => Rate = r; } public static class S { [Cached] public static int M(int a) => a * Settings.Rate; }", "Settings.Rate"),
        new("A property that returns a field that changes", "public static class Settings { static int _rate; public static int Rate => _rate; public static void Load(int r) => _rate = r; } public static class S { [Cached] public static int M(int a) => a * Settings.Rate; }", "Settings.Rate"),
        new("A table that is filled later", "public static class S { static readonly Dictionary<string, int> _rates = new(); public static void Set(string k, int v) => _rates[k] = v; [Cached] public static int M(string k) => _rates[k]; }", "_rates") { Says = ["a frozen or immutable collection"] },
        new("A list that grows", "public static class S { static readonly List<string> _all = new(); public static void Register(string s) => _all.Add(s); [Cached] public static bool M(string k) => _all.Contains(k); }", "_all"),
        new("An array that is written", "public static class S { static readonly int[] _all = new int[4]; public static void Set(int i, int v) => _all[i] = v; [Cached] public static int M(int i) => _all[i] + 1; }", "_all"),
        new("A memo by hand with a look-up", "public static class S { static readonly Dictionary<int, string> _cache = new(); [Cached] public static string M(int a) { if (_cache.TryGetValue(a, out var s)) return s; s = new string('x', a); _cache[a] = s; return s; } }", "_cache") { Says = ["since [Cached] remembers"] },
        new("A memo by hand in one call", "using System.Collections.Concurrent;\npublic static class S { static readonly ConcurrentDictionary<int, string> _cache = new(); [Cached] public static string M(int a) => _cache.GetOrAdd(a, static x => new string('x', x)); }", "_cache") { Says = ["since [Cached] remembers"] },
        new("A memo by hand of tasks", "using System.Collections.Concurrent;\npublic static class S { static readonly ConcurrentDictionary<int, Lazy<Task<string>>> _cache = new(); static async Task<string> Load(int a) { await Task.Yield(); return new string('x', a); } [Cached] public static Task<string> M(int a) => _cache.GetOrAdd(a, x => new(() => Load(x))).Value; }", "_cache") { Says = ["since [Cached] remembers"] },
        new("A helper reads it", "public static class S { static int _rate = 1; public static void Set(int r) => _rate = r; static int Rate() => _rate; [Cached] public static int M(int a) => a * Rate(); }", "_rate") { Says = ["in 'Rate'"] },
        new("A first value that depends on an argument", "public static class S { static string? _first; [Cached] public static string M(string a) => _first ??= a.Trim(); public static string? First => _first; public static void Clear() => _first = null; }"),
        new("A last value that depends on an argument", "public static class S { static string? _last; [Cached] public static string M(string a) { var before = _last; _last = a; return before + a; } }", "_last"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("A table that helpers of the static constructor fill", "public static class S { static readonly int[] Table = new int[9]; static S() { Set(1); Set(2); } static void Set(int i) => Table[i] = i; [Cached] public static int M(int a) => Table[a]; }"),
        new("Constants that lack a word", "public sealed record Hotkey(int K) { public static Hotkey Invalid = new(0); } public static class S { public static int Rate = 1; [Cached] public static int M(int a) => a * Rate + Hotkey.Invalid.K; }"),
        new("A service that is set at the start", "public interface IFiles { int Count(int a); } public static class Env { public static IFiles Files { get; set; } = null!; } public static class S { [Cached] public static int M(int a) => Env.Files.Count(a); }"),
        new("A field of the framework", "public static class S { [Cached] public static int M(int a) => System.Reflection.Emit.OpCodes.Nop.Size + a + Type.Delimiter; }"),
        new("Constants", "public static class S { const int Rate = 2; static readonly string _prefix = \"x\"; static readonly DateTime _start = new(2020, 1, 1); [Cached] public static string M(int a) => _prefix + a * Rate + _start.Year; }"),
        new("A private field that is never set", "public static class S { static int _rate = 3; [Cached] public static int M(int a) => a * _rate; }"),
        new("A field that the static constructor sets", "public static class S { static int _rate; static S() { _rate = 3; } [Cached] public static int M(int a) => a * _rate; }"),
        new("A table that is never written", "public static class S { static readonly Dictionary<string, int> _rates = new() { [\"a\"] = 1 }; static readonly int[] _primes = [2, 3, 5]; [Cached] public static int M(string k) => _rates.TryGetValue(k, out var r) ? r : _primes[0]; }"),
        new("A table that the static constructor fills", "public static class S { static readonly Dictionary<string, int> _rates = new(); static S() { _rates.Add(\"a\", 1); } [Cached] public static int M(string k) => _rates[k]; }"),
        new("A lazy value", "public static class S { static string? _text; static string Text => _text ??= new string('x', 3); [Cached] public static string M(int a) => Text + a; }"),
        new("A lazy value of the old kind", "public static class S { static string? _text; static readonly object _gate = new(); static string Text() { if (_text == null) { lock (_gate) { if (_text is null) _text = new string('x', 3); } } return _text; } [Cached] public static string M(int a) => Text() + a; }"),
        new("A lazy value set once atomically", "public static class S { static string? _text; [Cached] public static string M(int a) { if (_text is null) Interlocked.CompareExchange(ref _text, new string('x', 3), null); return _text + a; } }"),
        new("A lazy value of LazyInitializer", "public static class S { static string? _text; [Cached] public static string M(int a) => LazyInitializer.EnsureInitialized(ref _text, () => new string('x', 3)) + a; }"),
        new("A Lazy", "public static class S { static readonly Lazy<string> _text = new(() => new string('x', 3)); [Cached] public static string M(int a) => _text.Value + a; }"),
        new("Loggers, expressions, clients and locks", "using System.Text.RegularExpressions; using Microsoft.Extensions.Logging;\npublic static class S { public static ILogger? Log; static Regex _digits = new(\"[0-9]\"); public static void Reset() => _digits = new(\"[a-z]\"); static readonly SemaphoreSlim _gate = new(1); [Cached] public static bool M(string a) { _gate.Wait(); try { Log?.LogInformation(\"x\"); return _digits.IsMatch(a); } finally { _gate.Release(); } } }") { More = Libraries.Logging },
        new("A value that is only logged", "public static class S { static int _calls; [Cached] public static int M(int a) { Console.WriteLine(_calls); return a * a; } public static void Reset() => _calls = 0; }"),
        new("A field that is only written", "public static class S { static int _last; [Cached] public static int M(int a) { _last = a; return a * a; } public static int Last => _last; }"),
        new("A memo of something on the way", "using System.Collections.Concurrent; using System.Text.RegularExpressions;\npublic static class S { static readonly ConcurrentDictionary<string, Regex> _compiled = new(); [Cached] public static bool M(string pattern, string a) => _compiled.GetOrAdd(pattern, static p => new Regex(p)).IsMatch(a); }"),
        new("A lock for each key", "using System.Collections.Concurrent;\npublic static class S { static readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(); [Cached] public static async Task<int> M(string a) { var gate = _gates.GetOrAdd(a, _ => new SemaphoreSlim(1)); await gate.WaitAsync(); try { return a.Length; } finally { gate.Release(); } } }"),
        new("Immutable collections", "using System.Collections.Immutable; using System.Collections.Frozen;\npublic static class S { static readonly ImmutableArray<int> _a = [1, 2]; static readonly FrozenSet<int> _b = new[] { 1 }.ToFrozenSet(); [Cached] public static bool M(int a) => _a.Contains(a) || _b.Contains(a); }"),
        new("Members of the framework", "public static class S { [Cached] public static string M(int a) => string.Empty + Environment.NewLine + TimeSpan.Zero + System.Globalization.CultureInfo.InvariantCulture + Type.EmptyTypes.Length + a; }"),
        new("A pool", "using System.Buffers;\npublic static class S { [Cached] public static int M(int a) { var b = ArrayPool<byte>.Shared.Rent(a); try { return b.Length > 0 ? a : 0; } finally { ArrayPool<byte>.Shared.Return(b); } } }"),
        new("A get-only property", "public static class S { static int Rate { get; } = 2; [Cached] public static int M(int a) => a * Rate; }"),
        new("A delegate that nobody replaces", "public static class S { static readonly Func<int, int> _f = x => x + 1; [Cached] public static int M(int a) => _f(a); }"),
        new("A static of the author's choice", "public static class S { [NotInKey] static int _version; public static void Next() => _version++; [Cached] public static int M(int a) => a + _version; }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task Static_state_that_changes_is_reported(string name) => BodyCase.Verify(_reported, name, "MEMO0504");

    [Theory, MemberData(nameof(Silent))]
    public Task What_stays_as_it_is_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0504");
}
