using System.Collections.Frozen;

namespace Memoize.Integration.Tests;

/// <summary>Many keys in one load, shared with the method for one.</summary>
public sealed partial class BatchTests
{
    private static readonly Counted _single = new();
    private static readonly Counted _batch = new();

    [Fact]
    public async Task A_batch_loads_what_is_missing_and_shares_it()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.Equal("one 1", await FindAsync(1, token));
        var found = await FindAllAsync([1, 2, -3], token);
        Assert.Equal(["one 1", "many 2"], [found[1], found[2]]);
        Assert.Equal(2, found.Count);
        Assert.Equal("many 2", await FindAsync(2, token));
        Assert.Null(await FindAsync(-3, token));
        Assert.Equal(2, (await FindAllAsync([2, 1, -3], token)).Count);
        Assert.Equal((1, 1), (_single.Runs, _batch.Runs));

        Assert.True(BatchTestsCache.FindAsync.Evict(2));
        await FindAllAsync([1, 2], token);
        Assert.Equal(2, _batch.Runs);
    }

    [Fact]
    public void A_synchronous_batch_keeps_the_order()
    {
        Assert.Equal([1, 4, 9], Squares(1, 2, 3));
        Assert.Equal([9, 16, 1], Squares(3, 4, 1));
        Assert.Equal(16, Square(4));
    }

    [Fact]
    public async Task Overlapping_batches_and_singles_load_every_key_once()
    {
        var counts = new int[64];
        var calls = Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            for (var round = 0; round < 50; round++)
            {
                var ids = Enumerable.Range(0, 5).Select(_ => random.Next(counts.Length)).ToArray();
                Assert.Equal(ids[0], await CountedAsync(ids[0], counts));
                var found = await CountedManyAsync(ids, counts);
                Assert.Equal(ids.Distinct().Count(), found.Count);
            }
        }));
        await Task.WhenAll(calls);
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Cached(Ttl = 300)]
    internal static async Task<string?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return _single.Ran(id < 0 ? null : $"one {id}");
    }

    [CachedBatch(nameof(FindAsync))]
    internal static async Task<IReadOnlyDictionary<int, string>> FindAllAsync(IReadOnlyCollection<int> ids, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return _batch.Ran(ids.Where(id => id >= 0).ToDictionary(id => id, id => $"many {id}"));
    }

    [Cached]
    internal static partial int Square(int number);

    private static int SquareCore(int number) => number * number;

    [CachedBatch(nameof(Square))]
    internal static partial int[] Squares(params int[] numbers);

    private static int[] SquaresCore(int[] numbers) => [.. numbers.Select(SquareCore)];

    [Cached]
    private static async ValueTask<int> CountedAsync(int id, [NotInKey] int[] counts)
    {
        await Task.Yield();
        Interlocked.Increment(ref counts[id]);
        return id;
    }

    [CachedBatch(nameof(CountedAsync))]
    private static async ValueTask<FrozenDictionary<int, int>> CountedManyAsync(int[] ids, [NotInKey] int[] counts)
    {
        await Task.Yield();
        foreach (var id in ids)
            Interlocked.Increment(ref counts[id]);
        return ids.ToFrozenDictionary(id => id);
    }
}
