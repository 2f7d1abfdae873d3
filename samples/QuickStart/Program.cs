// What [Cached] does for a real read path: templates that lie somewhere in 101 SQLite databases, found by looking into one
// after the other. Read TemplateStore below first; all the rest measures it and checks what it claims.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Memoize;
using Microsoft.Data.Sqlite;
using Spectre.Console;

const int DatabaseCount = 101, TemplatesPerDatabase = 20, Lookups = 2_000;

Console.OutputEncoding = Encoding.UTF8;
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 160;
var folder = Directory.CreateTempSubdirectory("memoize-quickstart-").FullName;
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var failed = 0;

try
{
    AnsiConsole.MarkupLine("[bold]Memoize QuickStart[/]: one attribute on a method, and its results are remembered.\n");
    var databases = CreateDatabases();
    Compare(new TemplateStore(databases));
    CheckTheRest(new TemplateStore(databases), databases);
    CountChange();
}
catch (OperationCanceledException)
{
    AnsiConsole.MarkupLine("[yellow]Stopped.[/]");
    failed++;
}
catch (Exception exception)
{
    AnsiConsole.WriteException(exception);
    failed++;
}
finally
{
    SqliteConnection.ClearAllPools();
    Directory.Delete(folder, recursive: true);
}
return failed == 0 ? 0 : 1;

// ---- 1. real input ------------------------------------------------------------------------------------------------------

Databases CreateDatabases()
{
    var random = new Random(101);
    var files = Enumerable.Range(1, DatabaseCount).Select(n => Path.Combine(folder, $"templates-{n:000}.db")).ToArray();
    var bytes = 0L;
    AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(progress =>
    {
        var task = progress.AddTask($"Creating {DatabaseCount} SQLite databases", maxValue: DatabaseCount);
        // Popularity must not follow the order of the files, so the numbers are dealt out in random order.
        var numbers = Enumerable.Range(0, DatabaseCount * TemplatesPerDatabase).ToArray();
        random.Shuffle(numbers);
        for (var file = 0; file < files.Length; file++)
        {
            stop.Token.ThrowIfCancellationRequested();
            using var connection = new SqliteConnection($"Data Source={files[file]}");
            connection.Open();
            using var transaction = connection.BeginTransaction();
            using var create = connection.CreateCommand();
            create.CommandText = "CREATE TABLE templates (id TEXT PRIMARY KEY, html TEXT NOT NULL)";
            create.ExecuteNonQuery();
            foreach (var number in numbers.AsSpan(file * TemplatesPerDatabase, TemplatesPerDatabase))
            {
                using var insert = connection.CreateCommand();
                insert.CommandText = "INSERT INTO templates VALUES ($id, $html)";
                insert.Parameters.AddWithValue("$id", IdOf(number));
                insert.Parameters.AddWithValue("$html", Page(number, size: random.Next(1_000, 50_000)));
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
            bytes += new FileInfo(files[file]).Length;
            task.Increment(1);
        }
    });
    AnsiConsole.MarkupLine($"Created {DatabaseCount} SQLite databases with {DatabaseCount * TemplatesPerDatabase:N0} templates of 1 to 50 KB: "
        + $"{bytes / 1e6:N0} MB in [grey]{folder}[/]\n");
    return new Databases(files);
}

static string IdOf(int number) => $"card-{number:0000}";

static string Page(int number, int size)
{
    var page = new StringBuilder(size).Append(CultureInfo.InvariantCulture, $"<h1>Card {number}</h1>");
    while (page.Length < size)
        page.Append(CultureInfo.InvariantCulture, $"<p>{{{{line{page.Length}}}}}</p>");
    return page.ToString();
}

// ---- 2. the same lookups, with and without -----------------------------------------------------------------------------------

void Compare(TemplateStore store)
{
    // A few templates are asked for often and most of them rarely, as in life, and every 50th id exists nowhere.
    var random = new Random(7);
    var ids = Enumerable.Range(1, Lookups).Select(n => n % 50 == 0 ? $"gone-{n % 7}" : IdOf(Popular(random))).ToArray();

    Measure(ids[..100], id => TemplateStoreCache.Resolve.Uncached(store, id));   // warms up, for a fair first column
    var without = Measure(ids, id => TemplateStoreCache.Resolve.Uncached(store, id));
    var with = Measure(ids, id => store.Resolve(id));
    var statistics = TemplateStoreCache.Resolve.Statistics;
    var saved = without.Total - with.Total;

    var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumn("")
        .AddColumn(new TableColumn("without").RightAligned())
        .AddColumn(new TableColumn("[bold]with [[Cached]][/]").RightAligned());
    table.AddRow("Lookups", $"{Lookups:N0}", $"{Lookups:N0}");
    table.AddRow("Database reads", $"{without.Reads:N0}", $"[green]{with.Reads:N0}[/]");
    table.AddRow("Half of the lookups within (p50)", Text(without.At(0.50)), $"[green]{Text(with.At(0.50))}[/]");
    table.AddRow("99 of 100 within (p99)", Text(without.At(0.99)), Text(with.At(0.99)));
    table.AddRow("Hit ratio", "", $"[green]{statistics.HitRatio:P1}[/]");
    table.AddRow("Time for all", Text(without.Total), Text(with.Total));
    table.AddRow("[bold]Time saved[/]", "", $"[bold green]{Text(saved)} ({saved / without.Total:P0})[/]");
    AnsiConsole.Write(table);
    AnsiConsole.WriteLine();

    var distinct = ids.Distinct().Count();
    Claim(without.Answers.SequenceEqual(with.Answers), $"Both gave the same {Lookups:N0} answers");
    Claim(statistics.Loads == distinct && statistics.Hits == Lookups - distinct, $"Each of the {distinct:N0} different ids was searched once");
}

Measured Measure(string[] ids, Func<string, Template?> lookup)
{
    var times = new TimeSpan[ids.Length];
    var answers = new Template?[ids.Length];
    var reads = Databases.Reads;
    for (var i = 0; i < ids.Length; i++)
    {
        stop.Token.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        answers[i] = lookup(ids[i]);
        times[i] = Stopwatch.GetElapsedTime(started);
    }
    return new Measured(times, answers, Databases.Reads - reads);
}

// ---- 3. what else holds ------------------------------------------------------------------------------------------------------

void CheckTheRest(TemplateStore store, Databases databases)
{
    var reads = Databases.Reads;
    for (var i = 0; i < 1_000; i++)
        store.Resolve("no-such-card");
    Claim(Databases.Reads - reads == DatabaseCount, $"An unknown id, asked for 1,000 times, was searched once ({Databases.Reads - reads} database reads)");

    TemplateStoreCache.Resolve.Evict("card-0000");
    var loads = TemplateStoreCache.Resolve.Statistics.Loads;
    using var barrier = new Barrier(64);
    var callers = Enumerable.Range(0, 64).Select(_ => new Thread(() => { barrier.SignalAndWait(); store.Resolve("card-0000"); })).ToList();
    callers.ForEach(caller => caller.Start());
    callers.ForEach(caller => caller.Join());
    loads = TemplateStoreCache.Resolve.Statistics.Loads - loads;
    Claim(loads == 1, $"64 threads asked for the same cold id at once: {loads} search{(loads == 1 ? "" : "es")}");

    databases.Write("card-0001", "<h1>edited</h1>");
    var before = store.Resolve("card-0001")!.Html;
    TemplateStoreCache.Resolve.Evict("card-0001");
    var after = store.Resolve("card-0001")!.Html;
    Claim(before != after && after == "<h1>edited</h1>", "A template was edited: the old text until Evict(\"card-0001\"), the new text after it");

    var first = store.ResolveForAMoment("card-0002")!.Html;
    var age = Stopwatch.StartNew();
    databases.Write("card-0002", "<h1>edited</h1>");
    while (store.ResolveForAMoment("card-0002")!.Html == first && age.Elapsed < TimeSpan.FromSeconds(10))
        stop.Token.WaitHandle.WaitOne(10);
    age.Stop();
    Claim(age.Elapsed.TotalSeconds is > 0.45 and < 10, $"Another one, with Ttl = 0.5, showed the new text by itself after {Text(age.Elapsed)}");
}

void CountChange()
{
    var started = Stopwatch.GetTimestamp();
    var slowly = Change.WaysUncached(400, Change.Coins.Length);
    var without = Stopwatch.GetElapsedTime(started);
    started = Stopwatch.GetTimestamp();
    var ways = Change.Ways(400, Change.Coins.Length);
    var with = Stopwatch.GetElapsedTime(started);
    Claim(ways == slowly, $"A recursive function found {ways:N0} ways to pay 4 euros: {Change.UncachedCalls:N0} calls in {Text(without)}, "
        + $"with [Cached] {ChangeCache.Ways.Statistics.Loads:N0} in {Text(with)}");
}

// ---- helpers -------------------------------------------------------------------------------------------------------------------

void Claim(bool holds, string text)
{
    var mark = AnsiConsole.Profile.Capabilities.Unicode ? (holds ? "✓" : "✗") : (holds ? "ok" : "NO");
    AnsiConsole.MarkupLine($"[{(holds ? "green" : "bold red")}]{mark}[/] {Markup.Escape(text)}");
    failed += holds ? 0 : 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;   // the loops above see it, and the databases are deleted on the way out
    stop.Cancel();
}

static string Text(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.0} s"
    : time.TotalMilliseconds >= 1 ? $"{time.TotalMilliseconds:0.0} ms"
    : $"{time.TotalMicroseconds:0.0} µs";

static int Popular(Random random) => (int)Math.Pow(DatabaseCount * TemplatesPerDatabase, random.NextDouble() * random.NextDouble()) - 1;

// ---- the code that a program of yours would have ----------------------------------------------------------------------------------

/// <summary>A template as it is stored.</summary>
sealed record Template(string Id, string Html);

/// <summary>Finds templates. This is the whole change: one attribute.</summary>
sealed class TemplateStore(Databases databases)
{
    [Cached(Ttl = 300, MaxSize = 1000)]
    public Template? Resolve(string id) => databases.Find(id);

    [Cached(Ttl = 0.5)]
    public Template? ResolveForAMoment(string id) => databases.Find(id);
}

/// <summary>In how many ways an amount can be paid in coins.</summary>
static class Change
{
    public static readonly int[] Coins = [1, 2, 5, 10, 20, 50, 100, 200];
    public static long UncachedCalls;

    [Cached(MaxSize = 10_000)]
    public static long Ways(int cents, int kinds)
        => cents == 0 ? 1 : cents < 0 || kinds == 0 ? 0 : Ways(cents - Coins[kinds - 1], kinds) + Ways(cents, kinds - 1);

    public static long WaysUncached(int cents, int kinds)
    {
        UncachedCalls++;
        return cents == 0 ? 1 : cents < 0 || kinds == 0 ? 0 : WaysUncached(cents - Coins[kinds - 1], kinds) + WaysUncached(cents, kinds - 1);
    }
}

/// <summary>The databases, and how often any of them was read.</summary>
sealed class Databases(string[] files)
{
    public static long Reads;

    public Template? Find(string id)
    {
        foreach (var file in files)
        {
            Interlocked.Increment(ref Reads);
            using var connection = new SqliteConnection($"Data Source={file}");
            connection.Open();
            using var query = connection.CreateCommand();
            query.CommandText = "SELECT html FROM templates WHERE id = $id";
            query.Parameters.AddWithValue("$id", id);
            if (query.ExecuteScalar() is string html)
                return new Template(id, html);
        }
        return null;
    }

    public void Write(string id, string html)
    {
        foreach (var file in files)
        {
            using var connection = new SqliteConnection($"Data Source={file}");
            connection.Open();
            using var update = connection.CreateCommand();
            update.CommandText = "UPDATE templates SET html = $html WHERE id = $id";
            update.Parameters.AddWithValue("$id", id);
            update.Parameters.AddWithValue("$html", html);
            if (update.ExecuteNonQuery() > 0)
                return;
        }
    }
}

/// <summary>What one pass over all lookups took and gave.</summary>
sealed record Measured(TimeSpan[] Times, Template?[] Answers, long Reads)
{
    readonly TimeSpan[] _sorted = [.. Times.Order()];

    public TimeSpan Total { get; } = Times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    public TimeSpan At(double quantile) => _sorted[(int)(quantile * (_sorted.Length - 1))];
}
