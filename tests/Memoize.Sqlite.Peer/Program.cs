using System.Buffers;
using System.Globalization;
using Memoize.Sqlite;
using Microsoft.Extensions.Caching.Distributed;

// Memoize.Sqlite.Peer write {file} {seed}          writes until it is killed, from the first line of its input on, and says before each write what it is, and "ok" after it
// Memoize.Sqlite.Peer mix {file} {seed} {count}    reads, writes and removes, and says how many reads were wrong
// Memoize.Sqlite.Peer get {file} {key}             says what is there
// Memoize.Sqlite.Peer lease {file} {key} {count}   takes the lease of each of count keys, if it can be had, and says how often it could
using var cache = new SqliteCache(new() { File = args[1], BusyTimeout = 5_000 });
// Longer than a test: what is stored is there.
DistributedCacheEntryOptions[] lifetimes = [new(), .. Enumerable.Range(0, 4).Select(i => new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1 << (3 * i)) })];
switch (args[0])
{
    case "write":
        {
            var random = new Random(int.Parse(args[2], CultureInfo.InvariantCulture));
            // Without a line, whoever started it is gone.
            if (Console.ReadLine() is null)
                return;
            for (var i = 0; ; i++)
            {
                if (i == 20)
                    Console.WriteLine("ready");
                var key = "k" + random.Next(200);
                var value = Payload.Of(key, random.Next(), Payload.Size(random));
                Console.WriteLine($"{key} {Payload.Name(value)}");
                cache.Set(key, value, lifetimes[random.Next(lifetimes.Length)]);
                Console.WriteLine("ok");
                if (random.Next(10) != 0)
                    continue;
                key = "k" + random.Next(200);
                Console.WriteLine($"{key} {Payload.Name(null)}");
                cache.Remove(key);
                Console.WriteLine("ok");
            }
        }
    case "mix":
        {
            var random = new Random(int.Parse(args[2], CultureInfo.InvariantCulture));
            var wrong = 0;
            for (var i = 0; i < int.Parse(args[3], CultureInfo.InvariantCulture); i++)
            {
                var key = "k" + random.Next(100);
                var kind = random.Next(100);
                if (kind < 70)
                    wrong += cache.Get(key) is { } value && !Payload.IsOf(key, value) ? 1 : 0;
                else if (kind < 95)
                    cache.Set(key, Payload.Of(key, random.Next(), Payload.Size(random)), lifetimes[random.Next(lifetimes.Length)]);
                else
                    cache.Remove(key);
            }
            var statistics = cache.GetStatistics();
            Console.WriteLine($"wrong {wrong} failed {statistics.Failures.Values.Sum()} not-stored {statistics.NotStored.Values.Sum()} hits {statistics.Hits}");
            break;
        }
    case "get":
        Console.WriteLine(cache.Get(args[2]) is { } found ? Convert.ToHexString(found) : "nothing");
        break;
    case "lease":
        {
            var taken = 0;
            for (var i = 0; i < int.Parse(args[3], CultureInfo.InvariantCulture); i++)
            {
                var read = await cache.GetOrLeaseAsync(args[2] + i, new ArrayBufferWriter<byte>(), TimeSpan.FromMinutes(1));
                taken += read.Lease is { Id: not 0 } ? 1 : 0;
            }
            Console.WriteLine($"taken {taken}");
            break;
        }
}

namespace Memoize.Sqlite
{
    /// <summary>Values that tell whether they are what was written: a key's own, and of one piece.</summary>
    public static class Payload
    {
        /// <summary>Mostly small ones, some of several parts.</summary>
        public static int Size(Random random) => random.Next(10) switch
        {
            0 => random.Next(3_001, 300_000),
            1 => random.Next(260_000, 900_000),
            _ => random.Next(16, 3_000),
        };

        /// <summary>A value: key and number at both ends, and bytes that follow from the number between.</summary>
        public static byte[] Of(string key, int number, int size)
        {
            var value = new byte[Math.Max(size, 16)];
            new Random(number).NextBytes(value);
            BitConverter.TryWriteBytes(value.AsSpan(0), number);
            BitConverter.TryWriteBytes(value.AsSpan(4), key.Aggregate(17, (hash, c) => hash * 31 + c));
            return value;
        }

        /// <summary>Which value of its key it is.</summary>
        public static string Name(byte[]? value)
            => value is null ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToInt32(value, 0)}/{value.Length}");

        /// <summary>Whether a value is one that <see cref="Of"/> made for the key.</summary>
        public static bool IsOf(string key, byte[] value)
            => value.AsSpan().SequenceEqual(Of(key, BitConverter.ToInt32(value, 0), value.Length));
    }
}
