namespace Memoize.Tests.Storage;

public class ExpiryTests
{
    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void An_entry_is_served_until_its_lifetime_is_over_and_not_longer(Eviction eviction)
    {
        var store = Stores.Of(eviction, ttl: 1.5);
        store.Put(1, 1);
        store.Advance(1499);
        Assert.True(store.Has(1));
        store.Advance(1);
        Assert.False(store.Has(1));
        Assert.False(store.Store.Peek(1, out _));
        Assert.Empty(store.Store.Snapshot());
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Reading_does_not_prolong_an_absolute_lifetime(Eviction eviction)
    {
        var store = Stores.Of(eviction, ttl: 1);
        store.Put(1, 1);
        for (var i = 0; i < 9; i++)
        {
            store.Advance(100);
            Assert.True(store.Has(1));
        }

        store.Advance(100);
        Assert.False(store.Has(1));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_new_value_takes_the_place_of_the_old_one_and_starts_a_new_lifetime(Eviction eviction)
    {
        var store = Stores.Of(eviction, ttl: 1);
        store.Put(1, 10);
        store.Advance(600);
        store.Put(1, 20);
        store.Advance(600);

        Assert.True(store.Store.TryGet(1, out var entry));
        Assert.Equal(20, entry.Value);
        Assert.Equal(1, store.Count);
        Assert.Equal(0, store.Counters.EvictionsByExpiry);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_refresh_after_expiry_counts_as_one_expired(Eviction eviction)
    {
        var store = Stores.Of(eviction, ttl: 1);
        store.Put(1, 10);
        store.Advance(1000);
        store.Put(1, 20);

        Assert.Equal((1, 0, 0), (store.Counters.EvictionsByExpiry, store.Counters.EvictionsByCapacity, store.Counters.EvictionsByRequest));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Without_a_lifetime_nothing_expires()
    {
        var store = Stores.Of();
        store.Put(1, 1);
        store.Time.Advance(TimeSpan.FromDays(365 * 1000));

        Assert.True(store.Has(1));
        Assert.False(store.Clock.Janitor.IsActive);
    }

    [Fact]
    public void Absurd_lifetimes_are_for_ever()
    {
        var store = Stores.Of(ttl: double.MaxValue, sliding: 1e300);
        store.Put(1, 1);
        store.Time.Advance(TimeSpan.FromDays(365 * 1000));

        Assert.True(store.Has(1));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_sliding_entry_lives_while_it_is_read_and_dies_unread(Eviction eviction)
    {
        var store = Stores.Of(eviction, sliding: 1);
        store.Put(1, 1);
        for (var i = 0; i < 20; i++)
        {
            store.Advance(900);
            Assert.True(store.Has(1));
        }

        store.Advance(1000);
        Assert.False(store.Has(1));
    }

    [Fact]
    public void Reading_does_not_prolong_beyond_the_absolute_lifetime()
    {
        var store = Stores.Of(ttl: 2, sliding: 1);
        store.Put(1, 1);
        store.Advance(900);
        Assert.True(store.Has(1));
        store.Advance(900);
        Assert.True(store.Has(1));
        store.Advance(199);
        Assert.True(store.Has(1));
        store.Advance(1);
        Assert.False(store.Has(1));
    }

    [Fact]
    public void Looking_does_not_prolong_a_sliding_lifetime_nor_count()
    {
        var store = Stores.Of(sliding: 1);
        store.Put(1, 1);
        store.Advance(900);
        Assert.True(store.Store.Peek(1, out _));
        store.Advance(100);

        Assert.False(store.Has(1));
        Assert.Equal(0, store.Counters.Hits);
    }

    [Fact]
    public void The_deadline_is_written_only_when_it_moved_by_more_than_a_64th_of_the_window()
    {
        var store = Stores.Of(sliding: 6.4);
        store.Put(1, 1);
        Assert.True(store.Store.TryGet(1, out var entry));
        var deadline = entry.Deadline;

        store.Advance(100);
        store.Has(1);
        Assert.Equal(deadline, entry.Deadline);

        store.Advance(1);
        store.Has(1);
        Assert.Equal(deadline + 101, entry.Deadline);
    }

    [Fact]
    public void Looking_is_not_a_use()
    {
        // Fill to the end of the warm-up, so that what is unread leaves before what is read.
        var looked = Stores.Of(maxSize: 10);
        var used = Stores.Of(maxSize: 10);
        for (var key = 0; key < 20; key++)
        {
            looked.Put(key, key);
            used.Put(key, key);
            looked.Store.Peek(10, out _);
            used.Has(10);
        }

        for (var key = 100; key < 140; key++)
        {
            looked.Put(key, key);
            used.Put(key, key);
            looked.Store.Peek(10, out _);
            used.Has(10);
        }

        Assert.True(used.Has(10));
        Assert.False(looked.Has(10));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Reasons_of_evictions_are_told_apart(Eviction eviction)
    {
        var store = Stores.Of(eviction, maxSize: 10, ttl: 1);
        for (var key = 0; key < 15; key++)
            store.Put(key, key);
        var kept = store.Store.Snapshot().Select(item => item.Key).ToList();
        Assert.Equal(5, store.Counters.EvictionsByCapacity);

        Assert.True(store.Store.Remove(kept[0]));
        Assert.False(store.Store.Remove(kept[0]));
        Assert.Equal(1, store.Counters.EvictionsByRequest);

        store.Advance(1000);
        Assert.False(store.Store.Remove(kept[1]));
        Assert.Equal(1, store.Counters.EvictionsByExpiry);
        Assert.Equal(8, store.Store.TrimExpired(int.MaxValue));
        Assert.Equal(9, store.Counters.EvictionsByExpiry);
        Assert.Equal(0, store.Count);
    }
}
