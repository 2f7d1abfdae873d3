using System.Diagnostics;
using System.Globalization;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Memoize.Tiers;
using Memoize.Tiers.Peer;

namespace Memoize.Benchmarks;

/// <summary>What the processes read: how often the number was written.</summary>
public static class Ledger
{
    private static TaskCompletionSource s_loading = new();

    internal static Truth Truth { get; set; } = null!;

    internal static int Delay { get; set; }

    /// <summary>A load has begun.</summary>
    internal static Task Loading => s_loading.Task;

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared")]
    public static async Task<int> FindAsync(int number)
    {
        var version = Truth.Read(number % Truth.Keys);
        s_loading.TrySetResult();
        await Task.Delay(Delay);
        return version;
    }

    internal static void Expect() => s_loading = new();
}

/// <summary>
/// How long after an eviction has begun in one process the others answer with the new value: with the old one in memory, and with a load of it under way.
/// The processes share a Redis on the loopback interface and the clock of the machine; the others look once a millisecond.
/// </summary>
internal static class Evictions
{
    internal const string Child = "eviction-child";

    private const int LoadMilliseconds = 10;

    internal static void Measure(bool quick)
    {
        foreach (var count in (int[])[2, 4])
        {
            var file = Path.GetTempFileName();
            using var server = RedisProcess.Start();
            using var truth = new Truth(file);
            var children = Enumerable.Range(0, count).Select(_ => Benchmarks.Child.Start(Child, server.Address, file)).ToArray();
            foreach (var child in children)
                child.Answer();

            foreach (var isLoading in (bool[])[false, true])
            {
                var times = new List<double>();
                var rounds = quick ? 50 : 500;
                for (var round = -20; round < rounds; round++)
                    times.AddRange(Round(children, truth, number: 1_000 + 2 * round + (isLoading ? 1 : 0), isLoading).Where(_ => round >= 0));
                times.Sort();
                var what = isLoading ? $"while one loads for {LoadMilliseconds} ms" : "old value in memory";
                Table.Print($"eviction seen by the others of {count} processes", $"{what}, {rounds} rounds: p50, p99, worst", $"{At(times, 0.5)}, {At(times, 0.99)}, {At(times, 1)} ms");
                Bars.AtMost($"ms until {count} processes have seen an eviction, {what}, p99", times[(int)((times.Count - 1) * 0.99)], 1000);
            }

            foreach (var child in children)
                child.End();
            File.Delete(file);
        }
    }

    /// <summary>What such a process does: a command on each line, and an answer on each line.</summary>
    internal static async Task AnswerAsync(string address, string file)
    {
        using var truth = new Truth(file);
        Ledger.Truth = truth;
        await using var redis = new RedisCache(address);
        Memo.AddTier("shared", redis, new CacheTierOptions { Timeout = 5 });
        SpinWait.SpinUntil(() => redis.IsListening);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
            var number = Number(1);
            switch (words[0])
            {
                case "find":
                    await Ledger.FindAsync(number);
                    await Memo.FlushTiersAsync();
                    Console.WriteLine("found");
                    break;
                case "load":
                    (Ledger.Delay, var loading) = (LoadMilliseconds, Ledger.FindAsync(number));
                    await Ledger.Loading;
                    Console.WriteLine("loading");
                    _ = loading;
                    break;
                case "write":
                    truth.Write(number % Truth.Keys);
                    var began = Stopwatch.GetTimestamp();
                    await LedgerCache.FindAsync.EvictAsync(number);
                    Console.WriteLine(began.ToString(CultureInfo.InvariantCulture));
                    break;
                case "watch":
                    Console.WriteLine("watching");
                    while (await Ledger.FindAsync(number) < Number(2))
                        await Task.Delay(1);
                    Console.WriteLine(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
                    Ledger.Delay = 0;
                    Ledger.Expect();
                    break;
            }
        }
    }

    // The first writes, and the others have something old, or the second is about to.
    private static double[] Round(Process[] children, Truth truth, int number, bool isLoading)
    {
        var others = children[1..];
        if (isLoading)
            others[0].Ask($"load {number}");
        else
            Array.ForEach(others, child => child.Ask($"find {number}"));
        var wanted = truth.Read(number % Truth.Keys) + 1;
        Array.ForEach(others, child => child.Ask($"watch {number} {wanted}"));
        var began = long.Parse(children[0].Ask($"write {number}"), CultureInfo.InvariantCulture);
        return Array.ConvertAll(others, child => Stopwatch.GetElapsedTime(began, long.Parse(child.Answer(), CultureInfo.InvariantCulture)).TotalMilliseconds);
    }

    private static string At(List<double> sorted, double part) => Table.Number(sorted[(int)((sorted.Count - 1) * part)], "0.0");
}
