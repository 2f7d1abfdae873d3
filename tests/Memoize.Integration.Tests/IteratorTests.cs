namespace Memoize.Integration.Tests;

/// <summary>What can be enumerated once is enumerated once, whatever else is in the key.</summary>
public class IteratorTests
{
    [Fact]
    public void The_original_gets_an_iterator_unread_when_another_collection_sends_the_call_past_the_cache()
    {
        var unknown = new Dictionary<int, int> { [7] = 1 }.Keys;
        Assert.Equal(13, Sum(Once(), unknown));
        Assert.Equal(13, Sum(Once(), unknown));
        Assert.Equal(0, IteratorTestsCache.Sum.Statistics.Count);

        Assert.Equal(13, Sum(Once(), [7]));
        Assert.Equal(13, Sum(Once(), [7]));
        Assert.Equal((1, 1, 1), (IteratorTestsCache.Sum.Statistics.Count, IteratorTestsCache.Sum.Statistics.Hits, IteratorTestsCache.Sum.Statistics.Loads));
    }

    [Cached]
    internal static int Sum([CacheKey(Structural = true)] IEnumerable<int> once, [CacheKey(Structural = true)] IReadOnlyCollection<int> all) => once.Sum() + all.Sum();

    private static IEnumerable<int> Once()
    {
        var items = new Queue<int>([1, 2, 3]);
        return Enumerate();

        IEnumerable<int> Enumerate()
        {
            while (items.TryDequeue(out var item))
                yield return item;
        }
    }
}
