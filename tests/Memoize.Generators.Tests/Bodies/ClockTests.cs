namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0501: a body that is not deterministic.</summary>
public sealed class ClockTests
{
    const string Usings = "using System.Diagnostics; using System.Security.Cryptography; using Microsoft.Extensions.Logging;\n";

    static readonly BodyCase[] _reported =
    [
        .. from source in new[]
           {
               "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
               "TimeProvider.System.GetUtcNow()", "TimeProvider.System.GetLocalNow()", "Stopwatch.GetTimestamp()",
               "Environment.TickCount", "Environment.TickCount64", "Guid.NewGuid()", "Guid.CreateVersion7()",
               "new Random()", "Random.Shared", "RandomNumberGenerator.GetInt32(10)", "RandomNumberGenerator.GetBytes(8)", "RandomNumberGenerator.Create()",
               "System.IO.Path.GetRandomFileName()", "System.IO.Path.GetTempFileName()",
               "Thread.CurrentThread.ManagedThreadId", "Process.GetCurrentProcess()", "GC.GetTotalMemory(false)", "Console.ReadLine()", "Console.ReadKey()", "Console.Read()",
               "Environment.CurrentDirectory", "System.IO.Directory.GetCurrentDirectory()", "Environment.WorkingSet", "Environment.StackTrace", "Environment.CurrentManagedThreadId",
           }
           select new BodyCase($"{source} makes a non-deterministic body", $"using System.Diagnostics; using System.Security.Cryptography;\npublic static class S {{ [Cached] public static string M(int a) => a + ({source})?.ToString(); }}".Replace(")?.", ").", StringComparison.Ordinal), source),

        new("The result of a clock is used through a local", "public static class S { [Cached] public static bool M(DateTime until) { var now = DateTime.UtcNow; return now > until; } }", "DateTime.UtcNow"),
        new("A private helper reads the clock", "public static class S { static bool Old(DateTime t) => DateTime.UtcNow > t; [Cached] public static bool M(DateTime until) => Old(until); }", "DateTime.UtcNow") { Says = ["'S.M(DateTime)'", "in 'Old'"] },
        new("A helper of a helper reads the clock", "public sealed class C { bool A(DateTime t) => B(t); bool B(DateTime t) => DateTime.Now > t; [Cached] public bool M(DateTime until) => A(until); }", "DateTime.Now"),
        new("A property of the type reads the clock", "public static class S { static int Hour => DateTime.Now.Hour; [Cached] public static int M(int a) => a * Hour; }", "DateTime.Now") { Says = ["in 'Hour'"] },
        new("A method group leads to a helper", "public static class S { static int Add(int a) => a + DateTime.Now.Hour; [Cached] public static int M(string a) => a.Select(c => (int)c).Select(Add).Sum(); }", "DateTime.Now"),
        new("A helper of the base class reads the clock", "public abstract class B { protected DateTime Now() => DateTime.UtcNow; } public sealed class C : B { [Cached] public bool M(DateTime until) => Now() > until; }", "DateTime.UtcNow"),
        new("An ambient clock of the program is read where it is used", "public static class Clock { public static DateTime Now => DateTime.UtcNow; } public static class S { [Cached] public static bool M(DateTime until) => Clock.Now > until; }", "Clock.Now") { Says = ["through 'Clock.Now'"] },
        new("A clock of another type is logged first, and used then", "public static class Clock { public static DateTime Now() => DateTime.UtcNow; } public static class S { [Cached] public static bool M(DateTime until) { Console.WriteLine(Clock.Now()); return Clock.Now() > until; } }", "Clock.Now()"),
        new("An ambient clock of the program is logged first, and used then", "public static class Clock { public static DateTime Now => DateTime.UtcNow; } public static class S { [Cached] public static bool M(DateTime until) { Console.WriteLine(Clock.Now); return Clock.Now > until; } }", "Clock.Now"),
        new("A lambda reads the clock", "public static class S { [Cached] public static int M(string a) => a.Count(c => c > DateTime.Now.Hour); }", "DateTime.Now"),
        new("A static method of another type reads the clock", "public static class Clock { public static DateTime Today() => DateTime.Today; } public static class S { [Cached] public static bool M(DateTime until) => Clock.Today() > until; }", "Clock.Today()") { Says = ["through 'Clock.Today'"] },
        new("A helper of a helper of another type reads the clock", "public static class Clock { static DateTime Now() => DateTime.UtcNow; public static DateTime Today() => Now().Date; } public static class Days { public static int Left(DateTime d) => (d - Clock.Today()).Days; } public static class S { [Cached] public static int M(DateTime until) => Days.Left(until); }", "Days.Left(until)"),
        new("An extension method of the program reads the clock", "public static class E { public static int Age(this DateTime born) => DateTime.Today.Year - born.Year; } public static class S { [Cached] public static int M(DateTime born) => born.Age(); }", "born.Age()"),
        new("A static method of another type as a delegate", "public static class E { public static bool IsPast(DateTime d) => d < DateTime.Now; } public static class S { [Cached] public static int M([CacheKey(Structural = true)] DateTime[] all) => all.Count(E.IsPast); }", "E.IsPast"),
        new("A property of an argument calculates with the clock", "public sealed record Order(DateTime Due) { public bool IsLate => DateTime.UtcNow > Due; } public static class S { [Cached] public static string M(Order o) => o.IsLate ? \"late\" : \"\"; }", "o.IsLate") { Says = ["through 'Order.IsLate'"] },
        new("A local function reads the clock", "public static class S { [Cached] public static int M(int a) { return Hour() + a; static int Hour() => DateTime.Now.Hour; } }", "DateTime.Now"),
        new("A query filters by the clock", "public static class S { [Cached] public static int M(string a) { var all = new[] { DateTime.MinValue }.AsQueryable(); return all.Count(d => d < DateTime.UtcNow) + a.Length; } }", "DateTime.UtcNow"),
        new("An asynchronous body reads the clock", "public static class S { [Cached] public static async Task<DateTime> M(int a) { await Task.Yield(); return DateTime.UtcNow.AddDays(a); } }", "DateTime.UtcNow"),
        new("The core of a partial method reads the clock", "public static partial class S { [Cached] public static partial DateTime M(int a); static DateTime MCore(int a) => DateTime.UtcNow.AddDays(a); }", "DateTime.UtcNow"),
        new("A time provider is still the clock", "public sealed class C(TimeProvider time) { [Cached] public bool M(DateTimeOffset until) => time.GetUtcNow() > until; }", "time.GetUtcNow()"),
        new("A time provider as a parameter is still the clock", "public static class S { [Cached] public static bool M(DateTimeOffset until, [NotInKey] string x) => Old(until, TimeProvider.System); static bool Old(DateTimeOffset t, TimeProvider p) => p.GetUtcNow() > t; }", "p.GetUtcNow()"),
        new("An own clock interface is a clock", "public interface IClock { DateTime UtcNow { get; } } public sealed class C(IClock clock) { [Cached] public bool M(DateTime until) => clock.UtcNow > until; }", "clock.UtcNow"),
        new("A generator in a field draws something else each time", "public sealed class C { private readonly Random _random = new(42); [Cached] public int M(int max) => _random.Next(max); }", "_random.Next(max)"),
        new("A buffer is filled with random bytes", "public static class S { [Cached] public static int M(int a) { var b = new byte[4]; System.Security.Cryptography.RandomNumberGenerator.Fill(b); return b[0] + a; } }", "System.Security.Cryptography.RandomNumberGenerator.Fill(b)"),
        new("A list is put in a random order", "public static class S { [Cached] public static string M(string a) => string.Concat(a.OrderBy(_ => Guid.NewGuid())); }", "Guid.NewGuid()"),
        new("The time is a default value", "public static class S { [Cached] public static int M(DateTime? at) => (at ?? DateTime.Now).Year; }", "DateTime.Now"),
        new("An elapsed time is part of the result", "public static class S { [Cached] public static long M(int a) { var watch = System.Diagnostics.Stopwatch.StartNew(); return watch.ElapsedMilliseconds + a; } }", "System.Diagnostics.Stopwatch.StartNew()"),
        new("An expired thing is refused by the clock", "public static class S { [Cached] public static int M(DateTime until) { if (DateTime.UtcNow > until) throw new InvalidOperationException(); return 1; } }", "DateTime.UtcNow"),
        new("The clock is logged and used", Usings + "public sealed class C(ILogger log) { [Cached] public bool M(DateTime until) { var now = DateTime.UtcNow; log.LogInformation(\"{Now}\", now); return now > until; } }", "DateTime.UtcNow") { More = Libraries.Logging },
        new("An id is part of a new object", "public sealed record Order(Guid Id, int A); public static class S { [Cached] public static Order M(int a) => new(Guid.NewGuid(), a); }", "Guid.NewGuid()"),
        new("A creation time is part of a new object", "public sealed class Order { public DateTime CreatedAt { get; init; } } public static class S { [Cached] public static Order M(int a) => new() { CreatedAt = DateTime.UtcNow.AddDays(a) }; }", "DateTime.UtcNow"),
        new("One source is reported once", "public static class S { [Cached] public static int M(int a) => DateTime.Now.Hour + DateTime.Now.Minute + a; }", "DateTime.Now"),
        new("Two sources are reported each", "public static class S { [Cached] public static int M(int a) => DateTime.Now.Hour + Environment.TickCount + a; }", "DateTime.Now", "Environment.TickCount"),
        new("Of many sources the first few are enough", "public static class S { [Cached] public static int M(int a) => DateTime.Now.Hour + DateTime.UtcNow.Hour + DateTime.Today.Day + Environment.TickCount + a; }", "DateTime.Now", "DateTime.UtcNow", "DateTime.Today"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("Variables of the environment are set before a process begins", "public static class S { [Cached] public static string? M(string a) => Environment.GetEnvironmentVariable(a) + Environment.ExpandEnvironmentVariables(a); }"),
        new("A method without the attribute may read what it likes", "public static class S { public static DateTime M(int a) => DateTime.Now; [Cached] public static int N(string a) => a.Length; }"),
        new("A service of another type may read what it likes", "public sealed class Audit { public string Stamp(int a) => DateTime.UtcNow.Ticks + \":\" + a; } public sealed class C(Audit audit) { [Cached] public string M(int a) => audit.Stamp(a); }"),
        new("A static method of another type that only logs the time", "public static class Trace { public static void Line(string text) => Console.WriteLine(DateTime.Now + text); } public static class S { [Cached] public static int M(int a) { Trace.Line(\"x\"); return a * a; } }"),
        new("A static method of another type that writes the time to a file", "public static class Log { static readonly System.IO.StreamWriter File = new(\"log\"); public static void Line(string text) => File.WriteLine(DateTime.Now + text); } public static class S { [Cached] public static int M(int a) { Log.Line(\"x\"); return a * a; } }"),
        new("A static method of another type that puts the time into its exceptions", "public static class Guard { public static T NotNull<T>(T? it) where T : class => it ?? throw new InvalidOperationException($\"{DateTime.UtcNow:o}\"); } public static class S { [Cached] public static string M(string a) => Guard.NotNull(a) + a; }"),
        new("A static method of another type that pauses before it tries again", "public static class Retry { public static async Task<T> Run<T>(Func<Task<T>> f) { for (var i = 0; ; i++) { try { return await f(); } catch (TimeoutException) when (i < 3) { await Task.Delay(Random.Shared.Next(10)); } } } } public static class S { static Task<int> Load(int a) => Task.FromResult(a * a); [Cached] public static Task<int> M(int a) => Retry.Run(() => Load(a)); }"),
        new("A clock of another type that is only logged", "public static class Clock { public static DateTime Now() => DateTime.UtcNow; } public static class S { [Cached] public static int M(int a) { Console.WriteLine(Clock.Now()); Console.WriteLine($\"{Clock.Now():o}\"); return a * a; } }"),
        new("A property of an argument that is only a value", "public sealed record Order(DateTime Due) { public DateTime Made { get; } = DateTime.UtcNow; } public static class S { [Cached] public static string M([CacheKey(\"Due\")] Order o) => o.Made.ToString(\"o\"); }"),
        new("A duration that is only logged", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var watch = Stopwatch.StartNew(); var r = a * a; watch.Stop(); log.LogInformation(\"{Ms}\", watch.ElapsedMilliseconds); return r; } }") { More = Libraries.Logging },
        new("A new stopwatch that is only logged", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var watch = new Stopwatch(); watch.Start(); var r = a * a; log.LogInformation($\"took {watch.Elapsed.TotalMilliseconds:F1}\"); return r; } }") { More = Libraries.Logging },
        new("A difference of two times that is only logged", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var start = DateTime.UtcNow; var r = a * a; log.LogInformation(\"{Ms}\", (DateTime.UtcNow - start).TotalMilliseconds); return r; } }") { More = Libraries.Logging },
        new("A duration of time stamps", Usings + "public sealed class C(ILogger log, TimeProvider time) { [Cached] public int M(int a) { var start = time.GetTimestamp(); var r = a * a; log.LogInformation(\"{Ms}\", time.GetElapsedTime(start)); return r; } }") { More = Libraries.Logging },
        new("A warning when it took long", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var watch = Stopwatch.StartNew(); var r = a * a; if (watch.ElapsedMilliseconds > 100) { log.LogWarning(\"slow\"); } return r; } }") { More = Libraries.Logging },
        new("A duration in a finally block", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var start = Stopwatch.GetTimestamp(); try { return a * a; } finally { log.LogInformation(\"{E}\", Stopwatch.GetElapsedTime(start)); } } }") { More = Libraries.Logging },
        new("A duration in a histogram", "using System.Diagnostics; using System.Diagnostics.Metrics;\npublic static class S { static readonly Meter _meter = new(\"m\"); static readonly Histogram<double> _h = _meter.CreateHistogram<double>(\"h\"); [Cached] public static int M(int a) { var start = Stopwatch.GetTimestamp(); var r = a * a; _h.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>(\"a\", a)); return r; } }"),
        new("A tag of an activity", "using System.Diagnostics;\npublic static class S { [Cached] public static int M(int a) { Activity.Current?.SetTag(\"at\", DateTime.UtcNow.ToString(\"o\")); return a * a; } }"),
        new("A time on the console", "public static class S { [Cached] public static int M(int a) { Console.WriteLine($\"{DateTime.Now:HH:mm} computing {a}\"); return a * a; } }"),
        new("A time in a debug line", "public static class S { [Cached] public static int M(int a) { System.Diagnostics.Debug.WriteLine(\"at \" + DateTime.Now); return a * a; } }"),
        new("A helper that logs a duration", Usings + "public sealed class C(ILogger log) { void Took(TimeSpan t) => log.LogInformation(\"{T}\", t); [Cached] public int M(int a) { var watch = Stopwatch.StartNew(); var r = a * a; Took(watch.Elapsed); return r; } }") { More = Libraries.Logging },
        new("A generated log method", Usings + "public sealed partial class C(ILogger log) { [LoggerMessage] static partial void Took(ILogger log, TimeSpan t); static partial void Took(ILogger log, TimeSpan t) { } [Cached] public int M(int a) { var watch = Stopwatch.StartNew(); var r = a * a; Took(log, watch.Elapsed); return r; } }") { More = Libraries.Logging },
        new("A correlation id that is only logged", Usings + "public sealed class C(ILogger log) { [Cached] public int M(int a) { var id = Guid.NewGuid().ToString(\"N\"); log.LogInformation(\"{Id} start\", id); var r = a * a; log.LogInformation(\"{Id} end\", id); return r; } }") { More = Libraries.Logging },
        new("A generator with a constant seed", "public static class S { [Cached] public static int M(int max) => new Random(42).Next(max); }"),
        new("A generator with an argument as seed", "public static class S { [Cached] public static int M(int seed) { var random = new Random(seed); return random.Next() + random.Next(10); } }"),
        new("A random pause before another try", "public static class S { [Cached] public static async Task<int> M(int a) { for (var i = 0; ; i++) { try { return a / i; } catch (DivideByZeroException) { await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(100))); } } } }"),
        new("A loop that gives up after a time", "using System.Diagnostics;\npublic static class S { [Cached] public static int M(int a) { var watch = Stopwatch.StartNew(); var r = 0; while (r < a && watch.ElapsedMilliseconds < 1000) r++; return r; } }"),
        new("A deadline", "public static class S { [Cached] public static async Task<int> M(int a) { var deadline = DateTime.UtcNow.AddSeconds(5); var r = 0; while (r < a) { if (DateTime.UtcNow > deadline) throw new TimeoutException(); await Task.Yield(); r++; } return r; } }"),
        new("A time in the message of an exception", "public static class S { [Cached] public static int M(int a) => a > 0 ? a * a : throw new ArgumentException($\"at {DateTime.UtcNow:o}\"); }"),
        new("When the result was computed", "public sealed class Report { public DateTime GeneratedAt { get; init; } public int Sum { get; init; } } public static class S { [Cached] public static Report M(int a) => new() { GeneratedAt = DateTime.UtcNow, Sum = a }; }"),
        new("What does not change while the process runs", "public static class S { [Cached] public static string M(int a) => Environment.MachineName + Environment.NewLine + Environment.ProcessorCount + Environment.OSVersion + a; }"),
        new("Calculating with times", "public static class S { [Cached] public static int M(DateTime now, DateTime then) => (now.Date - then).Days + DateTime.DaysInMonth(now.Year, now.Month) + DateTime.UnixEpoch.Year; }"),
        new("A known guid", "public static class S { [Cached] public static Guid M(string a) => a.Length == 0 ? Guid.Empty : Guid.Parse(a); }"),
        new("Only the name of the clock", "public static class S { [Cached] public static string M(int a) => nameof(DateTime.Now) + a; }"),
        new("A cached helper is looked at on its own", "public static class S { [Cached] public static int M(int a) => N(a) + 1; [Cached(Ttl = 1)] public static int N(int a) => string.Concat(a).Length; }"),
        new("A member that its author has decided about", "public sealed class C { [CacheKey] private int Hour => DateTime.UtcNow.Hour; [Cached] public int M(int a) => a * Hour; }"),
        new("A provider that its author has decided about", "public sealed class C([NotInKey] TimeProvider time) { [NotInKey] private readonly TimeProvider _time = time; [Cached(Ttl = 1)] public bool M(DateTimeOffset until) => _time.GetUtcNow() > until; }"),
        new("The clock in a field initialiser is read once", "public static class S { static readonly DateTime _start = DateTime.UtcNow; [Cached] public static TimeSpan M(DateTime a) => a - _start; }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task A_non_deterministic_body_is_reported(string name) => BodyCase.Verify(_reported, name, "MEMO0501");

    [Theory, MemberData(nameof(Silent))]
    public Task A_deterministic_body_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0501");
}
