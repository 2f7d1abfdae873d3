using Memoize.Tags;
using Memoize.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tags;

/// <summary>Evicting by tag and by part of the key: what goes, what stays, and what the index still knows afterwards.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TagEvictionTests : IDisposable
{
    private readonly string id = Guid.NewGuid().ToString("N");

    public void Dispose() => Memo.TimeProvider = TimeProvider.System;

    private EntryRules<string> Tagged(params string[] tags) => new() { Tags = [.. tags.Select(tag => EntryTag.Of($"{id}:{tag}"))] };

    private static string Get(MethodCache<int, string> cache, int key, EntryRules<string> rules)
        => cache.Get(key, _ => $"value {key}", rules);

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void What_has_the_tag_goes_in_all_caches_and_nothing_else(Eviction eviction)
    {
        var options = new CacheOptions { Eviction = eviction };
        var one = TestCache.Of(options);
        var other = TestCache.Of(options);
        var untagged = TestCache.Of(options);
        Get(one, 1, Tagged("user 1", "users"));
        Get(one, 2, Tagged("user 2", "users"));
        Get(other, 1, Tagged("user 1"));
        Get(untagged, 1, default);

        Assert.Equal(2, Memo.EvictTag($"{id}:{"user 1"}"));
        Assert.Equal((false, true), (one.Peek(1, out _), one.Peek(2, out _)));
        Assert.Equal((false, true), (other.Peek(1, out _), untagged.Peek(1, out _)));
        Assert.Equal(((1, 2), (0, 0)), (one.Tagged, other.Tagged));
        Assert.Equal((1, 1), (one.Statistics.EvictionsByRequest, other.Statistics.EvictionsByRequest));

        Assert.Equal(0, Memo.EvictTag(id + ":user 1"));
        Assert.Equal(1, Memo.EvictTag(id + ":users"));
        Assert.Equal((0, 0), one.Tagged);
        Assert.Throws<ArgumentException>(() => Memo.EvictTag(""));
    }

    [Fact]
    public void Parts_are_evicted_alone_and_together()
    {
        var cache = TestCache.Of<(int User, int Year), string>();
        foreach (var key in from user in new[] { 1, 2, 3 } from year in new[] { 2023, 2024 } select (user, year))
            cache.Load(key, _ => "report", new EntryRules<string> { Tags = [EntryTag.Part(0, key.user), EntryTag.Part(1, key.year), EntryTag.Of("reports")] });

        Assert.Equal(1, cache.EvictWhere(EntryTag.Part(0, 1), EntryTag.Part(1, 2024)));
        Assert.True(cache.Peek((1, 2023), out _));
        Assert.Equal(2, cache.EvictWhere(EntryTag.Part(1, 2024)));
        Assert.Equal(0, cache.EvictWhere(EntryTag.Part(0, 2024)));
        Assert.Equal(1, cache.EvictWhere(EntryTag.Part(0, 2)));
        Assert.Equal((2, 4), cache.Tagged);
        Assert.Equal(0, cache.EvictWhere(null, EntryTag.Part(0, 9)));
        Assert.Throws<ArgumentException>(() => cache.EvictWhere());
        Assert.Equal(4, cache.Statistics.EvictionsByRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_load_under_way_is_fenced(bool byPart)
    {
        var cache = TestCache.Of();
        var old = Concurrency.Source<string>();
        EntryRules<string> rules = new() { Tags = [EntryTag.Of($"{id}:x"), EntryTag.Part(0, 7)] };
        var before = cache.LoadAsync(1, _ => old.Task, rules);
        var unrelated = cache.LoadAsync(2, _ => old.Task, Tagged("y"));

        Assert.Equal(0, byPart ? cache.EvictWhere(EntryTag.Part(0, 7)) : Memo.EvictTag($"{id}:x"));
        var after = cache.LoadAsync(1, _ => Task.FromResult("young"), rules);
        old.SetResult("old");

        Assert.Equal(("old", "old", "young"), (await before.InTime(), await unrelated.InTime(), await after.InTime()));
        Assert.True(cache.Peek(1, out var kept));
        Assert.Equal("young", kept);
        Assert.True(cache.Peek(2, out _));
        Assert.Equal((3, 1), (cache.Statistics.Loads, cache.Statistics.NotStoredEvicted));
    }

    [Fact]
    public void An_entry_that_is_set_has_the_tags_that_it_is_set_with()
    {
        var cache = TestCache.Of();
        Get(cache, 1, Tagged("a"));
        cache.Set(1, "new", Tagged("b"));
        Assert.Equal(0, Memo.EvictTag($"{id}:a"));
        Assert.Equal(1, Memo.EvictTag($"{id}:b"));

        cache.Set(1, "new", Tagged("b"));
        cache.Set(1, "newer");
        Assert.Equal(0, Memo.EvictTag($"{id}:b"));
        Assert.Equal((0, 0), cache.Tagged);
        Assert.True(cache.Peek(1, out _));
    }

    [Fact]
    public void Tags_that_are_twice_the_same_do_no_harm()
    {
        var cache = TestCache.Of();
        Get(cache, 1, Tagged("a", "a"));
        Assert.Equal((1, 1), cache.Tagged);
        Assert.Equal(1, Memo.EvictTag($"{id}:a"));
        Assert.Equal((0, 0), cache.Tagged);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Entries_leave_the_index_in_whatever_way_they_leave_the_cache(Eviction eviction)
    {
        var time = new FakeTimeProvider();
        Memo.TimeProvider = time;
        var cache = TestCache.Of(new() { MaxSize = 10, Ttl = 100, Eviction = eviction });
        for (var key = 0; key < 1000; key++)
        {
            Get(cache, key, Tagged($"key {key}", $"group {key % 7}"));
            Assert.Equal(cache.Count, cache.Tagged.Keys);
        }

        cache.Clear();
        Assert.Equal((0, 0), cache.Tagged);

        for (var key = 0; key < 10; key++)
            Get(cache, key, Tagged("all"));
        time.Advance(TimeSpan.FromSeconds(200));
        Assert.Equal((0, 0, 0), (cache.Tagged.Keys, cache.Tagged.Tags, cache.Count));

        Get(cache, 1, new() { Tags = Tagged("all").Tags, Terms = _ => new() { Discard = true } });
        Get(cache, 2, Tagged("all"));
        cache.Set(2, "gone", new() { Tags = Tagged("all").Tags, Terms = _ => new() { Discard = true } });
        Get(cache, 3, Tagged("all"));
        cache.Evict(3);
        Assert.Equal((0, 0), cache.Tagged);
    }

    [Fact]
    public void The_caches_of_instances_are_reached_and_none_is_kept_alive()
    {
        var method = TestCache.Method();
        var caches = method.CreateInstanceCaches<object, int, string>();
        var instance = new object();
        Get(caches.For(instance), 1, Tagged("x"));
        Get(caches.For(new object()), 1, Tagged("x"));
        Assert.InRange(Memo.EvictTag($"{id}:x"), 1, 2);
        Assert.False(caches.For(instance).Peek(1, out _));
        GC.KeepAlive(instance);
    }

    [Fact]
    public void Switched_off_an_eviction_still_works()
    {
        var cache = TestCache.Of();
        Get(cache, 1, Tagged("x"));
        Memo.Enabled = false;
        try
        {
            Assert.Equal(1, Memo.EvictTag($"{id}:x"));
        }
        finally
        {
            Memo.Enabled = true;
        }

        Assert.False(cache.Peek(1, out _));
    }
}
