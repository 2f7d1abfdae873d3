namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0505: what a call changes, and a hit does not.</summary>
public sealed class LostWriteTests
{
    const string Request = "public sealed class Request { public int Id { get; init; } public int Count { get; set; } public string? Name; public List<int> Items { get; } = new(); public Request? Inner { get; set; } public override bool Equals(object? o) => o is Request r && r.Id == Id; public override int GetHashCode() => Id; }\n";

    static BodyCase OfRequest(string statement, params string[] expected) => new(
        statement, Request + $"public static class S {{ [Cached] public static int M([CacheKey(\"Id\")] Request request) {{ {statement} return request.Id; }} }}", expected);

    static readonly BodyCase[] _reported =
    [
        new("A static counter", "public static class S { static int _calls; [Cached] public static int M(int a) { _calls++; return a * a; } }", "_calls++") { Says = ["'_calls' of the program"] },
        new("A static counter that is counted atomically", "public static class S { static int _calls; [Cached] public static int M(int a) { Interlocked.Increment(ref _calls); return a * a; } }", "Interlocked.Increment(ref _calls)"),
        new("A static field that is assigned", "public static class S { static int _last; [Cached] public static int M(int a) { _last = a; return a * a; } public static int Last => _last; }", "_last = a"),
        new("A static property of another type", "public static class Last { public static int Value { get; set; } } public static class S { [Cached] public static int M(int a) { Last.Value = a; return a * a; } }", "Last.Value = a"),
        new("A static list", "public static class S { static readonly List<int> _seen = new(); [Cached] public static int M(int a) { _seen.Add(a); return a * a; } }", "_seen.Add(a)"),
        new("A field of the instance", "public sealed class C { int _last; [Cached(PerInstance = true)] public int M(int a) { _last = a; return a * a; } public int Last => _last; }", "_last = a") { Says = ["of the instance"] },
        new("A property of the instance", "public sealed class C { public int Last { get; set; } [Cached(PerInstance = true)] public int M(int a) { this.Last += a; return a * a; } }", "this.Last += a"),
        new("A collection of the instance", "public sealed class C { readonly HashSet<int> _seen = new(); [Cached(PerInstance = true)] public int M(int a) { _seen.Add(a); return a * a; } }", "_seen.Add(a)"),
        new("An element of the instance", "public sealed class C { readonly int[] _all = new int[9]; [Cached(PerInstance = true)] public int M(int a) { _all[a] = 1; return a * a; } }", "_all[a] = 1"),
        new("A helper writes", "public sealed class C { int _last; void Note(int a) => _last = a; [Cached(PerInstance = true)] public int M(int a) { Note(a); return a * a; } public int Last => _last; }", "_last = a") { Says = ["in 'Note'"] },
        new("An event is raised", "public sealed class C { public event Action<int>? Loaded; [Cached(PerInstance = true)] public int M(int a) { Loaded?.Invoke(a); return a * a; } }", "Loaded") { Says = ["raises the event 'Loaded'"] },
        new("A list that is passed in", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> list) { list.Add(1); return list.Count; } }", "list.Add(1)") { Says = ["the argument 'list'"] },
        new("A list that is sorted", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> list) { list.Sort(); return list[0]; } }", "list.Sort()"),
        new("An array that is sorted", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] int[] list) { Array.Sort(list); return list[0]; } }", "Array.Sort(list)"),
        new("A dictionary that is passed in to be filled", "public static class S { [Cached] public static int M(int a, [NotInKey] IDictionary<int, int> found) { found[a] = 1; return a * a; } }", "found[a] = 1"),
        new("A builder that is passed in", "using System.Text;\npublic static class S { [Cached] public static int M(int a, [NotInKey] StringBuilder text) { text.Append(a); return a * a; } }", "text.Append(a)"),
        OfRequest("request.Count++;", "request.Count++"),
        OfRequest("request.Name = \"x\";", "request.Name = \"x\""),
        OfRequest("request.Inner!.Count = 3;", "request.Inner!.Count = 3"),
        OfRequest("request.Items.Clear();", "request.Items.Clear()"),
        OfRequest("var items = request.Items; items.Add(1);", "items.Add(1)"),
        OfRequest("(request.Count, var x) = (1, 2);", "(request.Count, var x) = (1, 2)"),
        OfRequest("int.TryParse(\"1\", out var n); if (n > 0) request.Inner?.Items.Add(n);", ".Items.Add(n)"),
        new("Elements of a list that is passed in", "public sealed class Line { public int Price { get; set; } } public static class S { [Cached] public static int M(int a, [NotInKey] IReadOnlyList<Line> lines) { foreach (var line in lines) line.Price = 0; return a * a; } }", "line.Price = 0"),
        new("A first value that depends on an argument", "public static class S { static string? _first; [Cached] public static string M(string a) => _first ??= a.Trim(); }", "_first ??= a.Trim()"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("Locals", "public static class S { [Cached] public static int M(int a) { var n = 0; for (var i = 0; i < a; i++) n += i; a++; return n + a; } }"),
        new("Objects that are made in the method", Request + "public static class S { [Cached] public static Request M(int a) { var r = new Request { Id = a }; r.Count = 1; r.Count++; r.Items.Add(a); r.Inner = new Request(); r.Inner.Count = 2; return r; } }"),
        new("Collections that are made in the method", "public static class S { [Cached] public static IReadOnlyList<int> M(int a) { var list = new List<int> { a }; list.Add(1); var map = new Dictionary<int, int> { [1] = 2 }; map[2] = 3; var copy = list.ToList(); copy.Sort(); var array = new int[3]; array[0] = 1; return copy; } }"),
        new("A copy of an argument", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> list) { var copy = list.ToList(); copy.Add(1); var array = list.ToArray(); Array.Sort(array); list = [.. list]; list.Add(2); return copy.Count; } }"),
        new("A parameter that gets another value", "public static class S { [Cached] public static string M(string a) { a = a.Trim(); return a; } }"),
        new("A struct is a copy", "public record struct P(int X); public static class S { [Cached] public static int M(P p) { p.X = 3; p.X++; return p.X; } }"),
        new("With makes a new record", "public sealed record R(int X, int Y); public static class S { [Cached] public static R M(R r) => r with { X = r.Y }; }"),
        new("A lazy value", "public static class S { static string? _text; [Cached] public static string M(int a) => (_text ??= new string('x', 3)) + a; }"),
        new("A lazy value of the old kind", "public static class S { static string? _text; static string Text() { if (_text != null) return _text; _text = new string('x', 3); return _text; } [Cached] public static string M(int a) => Text() + a; }"),
        new("A log line", "using Microsoft.Extensions.Logging;\npublic sealed class C(ILogger log) { [Cached] public int M(int a) { log.LogInformation(\"{A}\", a); return a * a; } }") { More = Libraries.Logging },
        new("A counter of the metrics", "using System.Diagnostics.Metrics;\npublic static class S { static readonly Meter _meter = new(\"m\"); static readonly Counter<int> _loads = _meter.CreateCounter<int>(\"loads\"); [Cached] public static int M(int a) { _loads.Add(1); return a * a; } }"),
        new("An activity", "using System.Diagnostics;\npublic static class S { static readonly ActivitySource _source = new(\"s\"); [Cached] public static int M(int a) { using var activity = _source.StartActivity(); activity?.SetTag(\"a\", a); if (activity != null) activity.DisplayName = \"x\"; return a * a; } }"),
        new("A lock", "public static class S { static readonly SemaphoreSlim _gate = new(1); static readonly object _lock = new(); [Cached] public static async Task<int> M(int a) { await _gate.WaitAsync(); try { lock (_lock) return a * a; } finally { _gate.Release(); } } }"),
        new("Calls of a database and of a client", "public abstract class Db { public System.Collections.ObjectModel.ReadOnlyCollection<int> Set => null!; public void Add(int a) { } public Task SaveChangesAsync() => Task.CompletedTask; } public sealed class C(Db db, System.Net.Http.HttpMessageInvoker http) { [Cached] public async Task<int> M(int a) { db.Add(a); await db.SaveChangesAsync(); using var request = new System.Net.Http.HttpRequestMessage(); request.Headers.Add(\"x\", \"y\"); await http.SendAsync(request, default); return a; } }"),
        new("A local function and its captures", "public static class S { [Cached] public static int M(int a) { var sum = 0; void Add(int x) => sum += x; new List<int> { a }.ForEach(Add); return sum; } }"),
        new("A helper that fills a list of the method", "public static class S { static void Fill(List<int> list, int a) { list.Add(a); } [Cached] public static IReadOnlyList<int> M(int a) { var list = new List<int>(); Fill(list, a); return list; } }"),
        new("A member that its author has decided about", "public sealed class C { [NotInKey] private int _calls; [Cached] public int M(int a) { _calls++; return a * a; } public int Calls => _calls; }"),
        new("Immutable collections", "using System.Collections.Immutable;\npublic static class S { [Cached] public static int M(int a, [NotInKey] ImmutableList<int> list) => list.Add(a).Count + list.Append(3).Count(); }"),
        new("Linq on an argument", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> list) => list.AsEnumerable().Reverse().Append(3).Skip(1).First(); }"),
        new("A memo by hand is said once", "public static class S { static readonly Dictionary<int, string> _cache = new(); [Cached] public static string M(int a) { if (_cache.TryGetValue(a, out var s)) return s; s = new string('x', a); _cache[a] = s; return s; } }"),
        new("A memo of something on the way", "using System.Collections.Concurrent; using System.Text.RegularExpressions;\npublic static class S { static readonly ConcurrentDictionary<string, Regex> _compiled = new(); [Cached] public static bool M(string pattern, string a) => _compiled.GetOrAdd(pattern, static p => new Regex(p)).IsMatch(a); }"),
        new("A memo of the instance, of something on the way", "public sealed class C { readonly Dictionary<int, string> _names = new(); string Name(int a) { if (!_names.TryGetValue(a, out var n)) { n = new string('x', a); _names.Add(a, n); } return n; } [Cached(PerInstance = true)] public int M(int a) => Name(a).Length; }"),
        new("A collection that is filled when it is first asked", "public sealed class C { List<int>? _all; List<int> All() { if (_all == null) { _all = new(); for (var i = 0; i < 3; i++) _all.Add(i); } return _all; } [Cached(PerInstance = true)] public int M(int a) => All()[a]; }"),
        new("Reading through a reference", "public static class S { static long _version = 3; [Cached] public static long M(int a) => a + Interlocked.Read(ref _version) + Volatile.Read(ref _version); }"),
        new("A result of another call", Request + "public sealed class C { Request Load(int a) => new() { Id = a }; [Cached] public Request M(int a) { var r = Load(a); r.Count = 3; r.Items.Add(1); return r; } }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task A_change_that_a_hit_does_not_repeat_is_reported(string name) => BodyCase.Verify(_reported, name, "MEMO0505");

    [Theory, MemberData(nameof(Silent))]
    public Task What_ends_with_the_call_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0505");
}
