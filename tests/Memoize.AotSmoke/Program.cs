// Everything that must work in a program compiled ahead of time. Exit code 0 when all of it does.

using System.Runtime.CompilerServices;
using Memoize;
using Memoize.AotSmoke;

var failures = 0;
Check("is compiled ahead of time", !RuntimeFeature.IsDynamicCodeSupported, true);

for (var i = 0; i < 3; i++)
{
    _ = Plain.Twice(21);
    _ = Plain.Join(7, "seven");
    _ = Plain.Length("a span");
    _ = Plain.First(new List<Point> { new(1, 2) });
    _ = Plain.Name<int>(5);
    _ = Plain.Name<string>(5);
    _ = Plain.Nothing("x");
    _ = Plain.At(new Point(1, 2), DayOfWeek.Friday, 1.5, null);
    _ = Plain.Recent(3);
    _ = await Plain.TwiceAsync(21);
    _ = await Plain.TwiceValueAsync(21);
}
Check("static", Plain.Loads["Twice"], 1);
Check("int and string key", Plain.Loads["Join"], 1);
Check("span key", Plain.Loads["Length"], 1);
Check("structural key", Plain.Loads["First"], 1);
Check("generic, value type", Plain.Loads["Name Int32"], 1);
Check("generic, reference type", Plain.Loads["Name String"], 1);
Check("null result", Plain.Loads["Nothing"], 1);
Check("struct, enum, double and nullable key", Plain.Loads["At"], 1);
Check("LFU", Plain.Loads["Recent"], 1);
Check("Task<T>", Plain.Loads["TwiceAsync"], 1);
Check("ValueTask<T>", Plain.Loads["TwiceValueAsync"], 1);

Check("recursion", Plain.Fibonacci(80), 23416728348467685);
Check("recursion loads each number once", Plain.Loads["Fibonacci"], 81);

var store = new Store();
IStore seen = store;
for (var i = 0; i < 3; i++)
{
    _ = store.Find(1);
    _ = seen.Find(1);
    _ = await seen.FindAsync("one", CancellationToken.None);
}
Check("partial, also through the interface", store.Loads, 1);
Check("partial async", store.AsyncLoads, 1);

var boxes = new[] { new Box(), new Box() };
foreach (var box in boxes)
{
    _ = box.Weight(1);
    _ = box.Weight(1);
}
Check("each instance its own", boxes[0].Loads + boxes[1].Loads, 2);

Check("handle: statistics", PlainCache.Twice.Statistics.Hits, 2);
Check("handle: TryGet", PlainCache.Twice.TryGet(21, out var twice) && twice == 42, true);
Check("handle: Evict", PlainCache.Twice.Evict(21) && !PlainCache.Twice.TryGet(21, out _), true);
PlainCache.Twice.Set(21, 43);
Check("handle: Set", Plain.Twice(21), 43);
Check("handle: Uncached", PlainCache.Twice.Uncached(21), 42);
Check("handle: Refresh", PlainCache.Twice.Refresh(21), 42);
PlainCache.Join.Clear();
Check("handle: Clear", PlainCache.Join.TryGet(7, "seven", out _), false);

// The load ends when all 64 have asked and found nothing: each is a miss, whoever runs the load.
var callers = Enumerable.Range(0, 64).Select(_ => new Thread(() => Plain.Slow(1)) { IsBackground = true }).ToList();
callers.ForEach(caller => caller.Start());
Check("64 callers wait", SpinWait.SpinUntil(() => PlainCache.Slow.Statistics.Misses == 64, TimeSpan.FromSeconds(30)), true);
Plain.Released.Set();
callers.ForEach(caller => caller.Join());
Check("one load for 64 callers", Plain.Loads["Slow"], 1);

Check("a load that needs itself is an error, not a deadlock", Throws<InvalidOperationException>(() => Plain.Ouroboros(1)), true);
Check("Memo.Caches", Memo.Caches.Any(cache => cache.Name.Contains("Twice", StringComparison.Ordinal)), true);
await ShapeChecks.RunAsync(Check);
await TierChecks.RunAsync(Check);
await StoreChecks.RunAsync(Check);
Memo.ClearAll();
Check("Memo.ClearAll", PlainCache.Fibonacci.TryGet(80, out _), false);

Console.WriteLine(failures == 0 ? "AOT: everything holds" : $"AOT: {failures} failed");
return failures == 0 ? 0 : 1;

void Check<T>(string what, T actual, T expected)
{
    if (EqualityComparer<T>.Default.Equals(actual, expected))
        return;
    failures++;
    Console.WriteLine($"FAILED {what}: {actual} instead of {expected}");
}

static bool Throws<TException>(Action action)
    where TException : Exception
{
    try
    {
        action();
        return false;
    }
    catch (TException)
    {
        return true;
    }
}
