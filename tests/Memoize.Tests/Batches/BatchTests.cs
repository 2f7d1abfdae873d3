namespace Memoize.Tests.Batches;

public class BatchTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of(tasks: true);
    private readonly BatchCalls calls;

    public BatchTests() => calls = new(cache);

    private static string Text(Dictionary<int, string> result)
        => string.Join(" ", result.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}"));

    [Fact]
    public void Only_what_is_missing_is_loaded_and_in_one_call()
    {
        Assert.Equal("1=value 1 2=value 2", Text(calls.Get(1, 2)));
        Assert.Equal("1=value 1 2=value 2 3=value 3 4=value 4", Text(calls.Get(4, 1, 3, 2)));
        Assert.Equal("1,2 4,3", calls.Loads);
        Assert.Equal((2, 4, 4), (cache.Statistics.Hits, cache.Statistics.Misses, cache.Statistics.Loads));
    }

    [Fact]
    public async Task The_same_without_blocking()
    {
        Assert.Equal("1=value 1 2=value 2", Text(await calls.GetAsync(1, 2)));
        Assert.Equal("1=value 1 2=value 2 3=value 3", Text(await calls.GetAsync(1, 3, 2)));
        Assert.Equal("1,2 3", calls.Loads);
    }

    [Fact]
    public void A_batch_and_single_calls_share_their_entries()
    {
        Assert.Equal("single", cache.Get(1, _ => "single"));
        Assert.Equal("1=single 2=value 2", Text(calls.Get(1, 2)));
        Assert.Equal("value 2", cache.Get(2, _ => "never"));
        Assert.Equal("2", calls.Loads);
    }

    [Fact]
    public void Nothing_is_loaded_for_nothing()
    {
        Assert.Empty(calls.Get());
        Assert.Empty(calls.List());
        Assert.Equal("", calls.Loads);
    }

    [Fact]
    public void What_is_asked_for_twice_is_loaded_once_and_given_twice()
    {
        Assert.Equal("1=value 1 2=value 2", Text(calls.Get(1, 2, 1, 1)));
        Assert.Equal(["value 3", "value 1", "value 3", "value 1"], calls.List(3, 1, 3, 1));
        Assert.Equal("1,2 3", calls.Loads);
    }

    [Fact]
    public void A_list_stands_in_the_order_of_the_items()
    {
        calls.List(2, 4);
        Assert.Equal(["value 5", "value 4", "value 3", "value 2", "value 1"], calls.List(5, 4, 3, 2, 1));
        Assert.Equal("2,4 5,3,1", calls.Loads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_list_of_another_length_is_refused_and_nothing_is_stored(int length)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => calls.List([1, 2], (_, _) => new string[length]));
        Assert.Equal(
            $"Shop.Store.GetMany(int[]) was asked for 2 and returned {length}: a list must have one value for each item, in the order of the items.",
            refused.Message);
        Assert.Equal((0, 2), (cache.Count, cache.Statistics.LoadFailures));
        Assert.Equal(["value 1", "value 2"], calls.List(1, 2));
    }

    [Fact]
    public void Null_in_place_of_a_result_is_refused()
    {
        Assert.Contains("GetMany(int[]) returned null in place of a dictionary", Assert.Throws<InvalidOperationException>(() => calls.Get([1], (_, _) => null!)).Message, StringComparison.Ordinal);
        Assert.Contains("GetMany(int[]) returned null in place of a list", Assert.Throws<InvalidOperationException>(() => calls.List([1], (_, _) => null!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_dictionary_lacks_is_not_remembered()
    {
        Assert.Equal("1=value 1", Text(calls.Get(1, -1)));
        Assert.Equal("1=value 1", Text(calls.Get(1, -1)));
        Assert.Equal("1,-1 -1", calls.Loads);
        Assert.Equal((1, 2, 2), (cache.Count, cache.Statistics.NotStoredAbsent, cache.Statistics.NotStored));
    }

    [Fact]
    public void Where_null_says_that_there_is_none_it_is_remembered()
    {
        var nulls = new BatchCalls(cache, nullIsAbsent: true);
        Assert.Equal("1=value 1", Text(nulls.Get(1, -1)));
        Assert.Equal("1=value 1", Text(nulls.Get(1, -1)));
        Assert.Null(cache.Get(-1, _ => "never"));
        Assert.Equal("1,-1", nulls.Loads);
    }

    [Fact]
    public void Where_nulls_are_not_to_be_remembered_they_are_not()
    {
        var careful = new BatchCalls(TestCache.Of(new() { CacheNull = false }), nullIsAbsent: true);
        careful.Get(1, -1);
        careful.Get(1, -1);
        Assert.Equal("1,-1 -1", careful.Loads);
    }

    [Fact]
    public void What_nobody_asked_for_is_not_remembered()
    {
        calls.Get([1], (_, _) => new Dictionary<int, string> { [1] = "one", [2] = "two" });
        Assert.Equal(1, cache.Count);
        Assert.False(cache.Peek(2, out _));
    }

    [Fact]
    public void A_failure_reaches_the_caller_and_is_not_remembered()
    {
        Assert.Throws<InvalidTimeZoneException>(() => calls.Get([1, 2], (_, _) => throw new InvalidTimeZoneException()));
        Assert.Equal((0, 2), (cache.Count, cache.Statistics.LoadFailures));
        Assert.Equal("1=value 1 2=value 2", Text(calls.Get(1, 2)));
    }

    [Fact]
    public async Task A_failure_of_several_keys_is_not_remembered_for_each_of_them()
    {
        var remembering = TestCache.Of(new() { ErrorTtl = 60 }, tasks: true);
        var some = new BatchCalls(remembering);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => some.GetAsync([1, 2], (_, _) => throw new InvalidTimeZoneException()));
        Assert.Equal("single", remembering.Get(1, _ => "single"));

        Assert.Throws<InvalidTimeZoneException>(() => remembering.Get(3, _ => throw new InvalidTimeZoneException()));
        Assert.Throws<InvalidTimeZoneException>(() => some.Get(1, 3));
        Assert.Equal("", some.Loads);
    }

    [Fact]
    public void Rules_are_asked_for_each_value()
    {
        var batch = new DictionaryBatch<int, int, string>(cache, BatchCalls.Name);
        batch.Add(1, 1);
        batch.Add(2, 2);
        batch.Load(calls.Load, id => new() { Terms = value => new() { Discard = id == 1 && value == "value 1" } });

        Assert.Equal("1=value 1 2=value 2", Text(batch.Result));
        Assert.Equal((1, 1), (cache.Count, cache.Statistics.NotStoredByRule));
        Assert.True(cache.Peek(2, out _));
    }

    [Fact]
    public async Task What_goes_past_the_cache_is_loaded_for_this_call_alone()
    {
        for (var round = 0; round < 2; round++)
        {
            var batch = new DictionaryBatch<int, int, string>(cache, BatchCalls.Name);
            batch.Bypass(7);
            batch.Add(1, 1);
            batch.Bypass(8);
            Assert.False(batch.IsComplete);
            if (round == 0)
                batch.Load(calls.Load, TestContext.Current.CancellationToken);
            else
                await batch.LoadAsync((ids, token) => Task.FromResult(calls.Load(ids, token)), TestContext.Current.CancellationToken);
            Assert.True(batch.IsComplete);
            Assert.Equal("1=value 1 7=value 7 8=value 8", Text(batch.Result));
        }

        Assert.Equal("7,8 1 7,8", calls.Loads);
        Assert.Equal((1, 4), (cache.Count, cache.Statistics.Bypassed));
    }

    [Fact]
    public void All_hits_cost_the_result_and_little_else()
    {
        calls.List(1, 2, 3, 4);
        var batch = new ListBatch<int, int, string>(cache, BatchCalls.Name);
        batch.Add(1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i <= 4; i++)
            batch.Add(i, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(batch.IsComplete);
    }

    [Fact]
    public void The_time_of_a_load_is_divided_among_its_keys()
    {
        calls.Get([1, 2, 3, 4], (ids, token) =>
        {
            Thread.Sleep(20);
            return calls.Load(ids, token);
        });
        Assert.InRange(cache.Statistics.LoadTime.TotalMilliseconds, 15, 20 * 3.5);
    }
}
