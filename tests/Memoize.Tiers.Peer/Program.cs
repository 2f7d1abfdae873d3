using System.Diagnostics;
using System.Globalization;
using Memoize;
using Memoize.Memcached;
using Memoize.Redis;
using Memoize.Sqlite;
using Memoize.Tiers;
using Memoize.Tiers.Peer;
using Microsoft.Extensions.Caching.Distributed;

// Memoize.Tiers.Peer redis {address} {prefix} {truth}
// Memoize.Tiers.Peer memcached {address} {prefix} {truth}
// Memoize.Tiers.Peer sqlite {file} {prefix} {truth}
// and behind that the door: method, alone, keyed; and for how many seconds a store is waited for, 20 unless it is said.
// Then a command on each line of the standard input, and an answer on each line of the output.
using var truth = new Truth(args[3]);
Stock.Truth = truth;
var door = Door.Of(args[4]);
var patience = args.Length > 5 ? double.Parse(args[5], CultureInfo.InvariantCulture) : 20;
var redis = args[0] == "redis" ? new RedisCache(new RedisCacheOptions { Configuration = args[1], KeyPrefix = args[2], Timeout = TimeSpan.FromSeconds(patience) }) : null;
IDistributedCache store = args[0] switch
{
    "redis" => redis!,
    "memcached" => new MemcachedCache(new MemcachedCacheOptions { Servers = { args[1] }, KeyPrefix = args[2], OperationTimeout = TimeSpan.FromSeconds(20) }),
    _ => new SqliteCache(new() { File = args[1], BusyTimeout = 20_000 }),
};
var tier = Memo.AddTier("shared", store, new CacheTierOptions { Timeout = patience, LeaseDuration = 3 });
SpinWait.SpinUntil(() => redis is not { IsListening: false }, TimeSpan.FromSeconds(20));
Console.WriteLine("ready");

TaskCompletionSource? gate = null;
Task<Level>? hung = null;
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
    switch (words[0])
    {
        case "delay":
            Stock.Delay = Number(1);
            Console.WriteLine("ok");
            break;
        case "find":
            {
                // {callers} calls at once.
                var began = Stopwatch.GetTimestamp();
                var found = await Task.WhenAll(Enumerable.Range(0, Number(2)).Select(_ => Task.Run(() => door.Find(Number(1)))));
                await Memo.FlushTiersAsync();
                Console.WriteLine($"{found.Select(static level => level.Version).Distinct().Single()} {Stock.Runs} {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0}");
                break;
            }
        case "hang":
            // A load that has read the truth, and holds its lease, until it may go on.
            var runs = Stock.Runs;
            gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Stock.Gate = gate.Task;
            hung = door.Find(Number(1));
            SpinWait.SpinUntil(() => Stock.Runs > runs);
            Console.WriteLine("loading");
            break;
        case "go":
            Stock.Gate = Task.CompletedTask;
            gate!.SetResult();
            var late = (await hung!).Version;
            await Memo.FlushTiersAsync();
            Console.WriteLine(late);
            break;
        case "write":
            {
                var version = truth.Write(Number(1));
                await door.Evict(Number(1));
                truth.Evicted(Number(1), version);
                Console.WriteLine($"{version} {tier.Statistics.Owed}");
                break;
            }
        case "clear":
            await StockCache.FindAsync.ClearAsync();
            Console.WriteLine(tier.Statistics.Owed);
            break;
        case "mix":
            Console.WriteLine(await Mix.RunAsync(truth, door, seconds: Number(1), forgets: words[2] == "forget", me: Number(3), of: Number(4)));
            break;
        case "settle":
            // Until the store is used again, and has been told everything.
            Console.WriteLine(SpinWait.SpinUntil(() => tier.IsAvailable && tier.Statistics.Owed == 0 && redis is not { IsListening: false }, TimeSpan.FromSeconds(60)));
            break;
        case "statistics":
            Console.WriteLine($"{tier.Statistics} {string.Join(' ', (store as SqliteCache)?.GetStatistics().Failures.Keys ?? [])}");
            break;
    }
}

if (store is IDisposable disposable)
    disposable.Dispose();
