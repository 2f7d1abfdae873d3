using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Memoize.Benchmarks;
using Perfolizer.Horology;

// dotnet run -c Release                          everything, one table
// dotnet run -c Release -- quick                 a shorter run
// dotnet run -c Release -- hits threads memory   parts of it
// dotnet run -c Release -- ratios                hit ratios with lifetimes beside an exact LRU; ratios=5 for the mean of so many seeds, all for all traces
// dotnet run -c Release -- isolation             what Memoize.Testing costs hits outside of it
// dotnet run -c Release -- memcached             the memcached store beside the Redis store, if both are installed; only where it is named
// dotnet run -c Release -- redis                 a hit in the Redis tier, if redis-server is installed; only where it is named
// dotnet run -c Release -- eviction              how soon other processes see one, if redis-server is installed; only where it is named
// dotnet run -c Release -- faults                what tiers that fail cost, with the servers that are installed; faults=SQLite for some; only where it is named
// dotnet run -c Release -- sqlite                the SQLite store beside Python's diskcache, and how long gets wait; not part of everything
// dotnet run -c Release -- sqlite waits          the latter alone
// dotnet run -c Release -- bdn --filter '*'      the hits and misses under BenchmarkDotNet
if (args is ["bdn", ..])
{
    var job = Job.Default.WithLaunchCount(1).WithWarmupCount(4).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(120));
    // The rows are told apart by their names, which must not be cut.
    var config = DefaultConfig.Instance.AddJob(job).WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(80));
    BenchmarkSwitcher.FromTypes([typeof(SubjectBenchmarks)]).Run(args[1..], config);
    return;
}

if (args is ["sqlite", ..])
{
    if (args.Contains("waits"))
        SqliteWaits.Measure();
    else
        SqliteStore.Measure(args.Contains("quick") ? 3 : 7);
    return;
}

if (args is [IsolationHits.Child, var use])
{
    IsolationHits.Answer(use == IsolationHits.Used);
    return;
}

if (args is [Evictions.Child, var address, var truth])
{
    await Evictions.AnswerAsync(address, truth);
    return;
}

var quick = args.Contains("quick");
var parts = args.Where(arg => arg != "quick").ToList();
bool Wanted(string part) => parts.Count == 0 || parts.Contains(part);

Table.Begin(quick);
if (Wanted("hits"))
{
    var rows = Interleaved.Measure([.. Table.Subjects()], quick ? 60 : 500);
    Table.Print(rows);
    Bars.Print(rows);
}

if (Wanted("isolation"))
{
    var (without, with) = IsolationHits.Measure(quick ? 60 : 500);
    Table.Print("hit outside of any test", "Memoize.Testing never used", Table.Number(without, "0.0") + " ns");
    Table.Print("hit outside of any test", "Memoize.Testing used before", Table.Number(with, "0.0") + " ns", "", Table.Number(with / without, "0.00"));
    Bars.AtMost("Memoize.Testing, ns more for a hit outside", with - without, 0.5);
}

if (Wanted("hash"))
{
    foreach (var row in Interleaved.Measure([.. StringHashes.All()], quick ? 60 : 300))
        Table.Print(row.Subject.Group, row.Subject.Name, Table.Number(row.Nanoseconds, "0.0") + " ns");
}

if (Wanted("threads"))
{
    var subjects = Hits.All().Where(subject => subject.Name is "FastConcurrentTLru, hand-written key" or "Memoize" or "Memoize, Sliding").ToList();
    foreach (var (name, one, two) in Threads.Measure(subjects, quick ? 10 : 60))
    {
        Table.Print("one and two threads", name, $"{Table.Number(one / 1e6, "0.0")} and {Table.Number(two / 1e6, "0.0")} M/s", "", Table.Number(two / one, "0.00"));
        if (name != "Memoize")
            continue;
        Bars.AtLeast("million hits per second", one / 1e6, 10);
        Bars.AtLeast("two threads / one", two / one, 1.9);
    }
}

if (Wanted("memory"))
{
    foreach (var (name, entries, bytes) in Memory.Measure())
    {
        Table.Print("bytes per entry", $"{name}, {entries:N0} entries", Table.Number(bytes, "0") + " B");
        if (name.StartsWith("Memoize", StringComparison.Ordinal) && !name.EndsWith("asked for", StringComparison.Ordinal))
            Bars.AtMost($"bytes per entry, {name}, {entries:N0}", bytes, 200);
    }
}

if (Wanted("generator"))
{
    var times = GeneratorTime.Measure(quick ? 1 : 3).ToDictionary(row => row.Name, row => row.Milliseconds);
    foreach (var (name, milliseconds) in times)
        Table.Print("2,000 files, 20,000 calls", name, Table.Number(milliseconds, "0") + " ms");
    Bars.AtMost("generator, cold / build, percent", 100 * times["generator, cold"] / times["build without the generator"], 5);
}

if (parts.Find(static part => part.StartsWith("ratios", StringComparison.Ordinal)) is { } ratios)
    HitRatios.Measure(int.TryParse(ratios["ratios".Length..].TrimStart('='), out var seeds) ? seeds : 1, parts.Contains("all"));

if (parts.Contains("memcached"))
    await MemcachedStore.MeasureAsync(quick);

if (parts.Contains("redis"))
    await RedisStore.MeasureAsync(quick);

if (parts.Contains("eviction"))
    Evictions.Measure(quick);

if (parts.Find(static part => part.StartsWith("faults", StringComparison.Ordinal)) is { } faults)
    await Faults.MeasureAsync(quick, faults["faults".Length..].TrimStart('='));
