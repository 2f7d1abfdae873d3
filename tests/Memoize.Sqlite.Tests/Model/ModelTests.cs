using CsCheck;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Sqlite.Tests.Model;

/// <summary>Random operations of two caches on one file, beside a dictionary that does the same.</summary>
public sealed class ModelTests
{
    private sealed record Operation(int Kind, int Key, int Size, int Absolute, int Sliding, int Advance, bool Other);

    private sealed record Expected(byte[] Value, long Absolute, int Sliding)
    {
        public long Expires { get; set; }
    }

    private static readonly Gen<Operation[]> s_operations = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 7], Gen.OneOf(Gen.Int[0, 100], Gen.Int[2_990, 3_010], Gen.Int[0, 600_000]), Gen.Int[0, 40], Gen.Int[0, 20], Gen.Int[0, 9], Gen.Bool)
        .Select((kind, key, size, absolute, sliding, advance, other) => new Operation(kind, key, size, absolute, sliding, advance, other))
        .Array[1, 60];

    [Fact]
    public void The_store_answers_as_a_dictionary_with_deadlines_does()
        => s_operations.Sample(Run, iter: 60, threads: 1);

    private static void Run(Operation[] operations)
    {
        using var file = new TestFile();
        var clock = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var one = file.Open(clock);
        using var two = file.Open(clock);
        var model = new Dictionary<string, Expected>();
        foreach (var operation in operations)
        {
            var cache = operation.Other ? two : one;
            var key = "k" + operation.Key;
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            switch (operation.Kind)
            {
                case 0 or 1 or 2:
                    Set(cache, model, key, operation, now);
                    break;
                case 3:
                    cache.Remove(key);
                    model.Remove(key);
                    break;
                case 4:
                    cache.Refresh(key);
                    Use(model, key, now);
                    break;
                case 5:
                    // An eighth of a sliding time is what the file may not know, so time goes in steps larger than that.
                    clock.Advance(TimeSpan.FromMilliseconds(1_000 * operation.Advance));
                    break;
                case 6 when operation.Advance == 0:
                    cache.Clear();
                    model.Clear();
                    break;
                default:
                    Assert.Equal(Use(model, key, now), cache.Get(key));
                    break;
            }
        }
        Assert.Empty(one.CheckIntegrityAsync().GetAwaiter().GetResult());
        Assert.Empty(one.GetStatistics().Failures);
        Assert.Empty(two.GetStatistics().Failures);
    }

    private static void Set(SqliteCache cache, Dictionary<string, Expected> model, string key, Operation operation, long now)
    {
        // Sliding times of at most eight seconds: each second counts.
        var sliding = operation.Sliding > 8 ? 0 : operation.Sliding;
        var options = new DistributedCacheEntryOptions
        {
            AbsoluteExpirationRelativeToNow = operation.Absolute == 0 ? null : TimeSpan.FromSeconds(operation.Absolute),
            SlidingExpiration = sliding == 0 ? null : TimeSpan.FromSeconds(sliding),
        };
        var value = Payload.Of(key, operation.Size, operation.Size);
        cache.Set(key, value, options);
        model[key] = new(value, operation.Absolute == 0 ? long.MaxValue : now + operation.Absolute * 1_000, sliding * 1_000);
        Use(model, key, now);
    }

    private static byte[]? Use(Dictionary<string, Expected> model, string key, long now)
    {
        if (!model.TryGetValue(key, out var entry))
            return null;
        if (entry.Expires != 0 && now >= entry.Expires || now >= entry.Absolute)
        {
            model.Remove(key);
            return null;
        }
        entry.Expires = entry.Sliding == 0 ? entry.Absolute : Math.Min(entry.Absolute, now + entry.Sliding);
        return entry.Value;
    }
}
