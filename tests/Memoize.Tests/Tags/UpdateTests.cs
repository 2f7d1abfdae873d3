using Memoize.Tags;
using Memoize.Tests.Api;

namespace Memoize.Tests.Tags;

/// <summary>The result of a write is remembered only where nobody else can have made it out of date.</summary>
[Collection(nameof(ProcessWide))]
public class UpdateTests
{
    private readonly CachedMethod method = TestCache.Method();
    private readonly MethodCache<int, string> cache;
    private readonly Handle handle;

    public UpdateTests()
    {
        cache = method.CreateCache<int, string>();
        handle = new(method);
    }

    private sealed class Handle(CachedMethod method) : CacheHandle(method);

    private string? Kept => cache.Peek(1, out var value) ? value : null;

    private void Set(string value, CacheUpdate update)
        => cache.Set(1, value, new() { Tags = [EntryTag.Of("UpdateTests:1"), EntryTag.Part(0, 1)] }, update);

    [Fact]
    public void Undisturbed_it_is_remembered()
    {
        using var update = handle.BeginUpdate();
        cache.Set(2, "another key");
        Memo.EvictTag("UpdateTests:2");
        cache.EvictWhere(EntryTag.Part(0, 1), EntryTag.Part(1, 1));
        Set("new", update);
        Assert.Equal("new", Kept);
    }

    public static TheoryData<string> Disturbances => ["evict", "set", "clear", "handle clear", "tag", "where", "update"];

    [Theory]
    [MemberData(nameof(Disturbances))]
    public void Disturbed_the_entry_is_evicted(string how)
    {
        cache.Set(1, "old");
        using var update = handle.BeginUpdate();
        switch (how)
        {
            case "evict": cache.Evict(1); break;
            case "set": cache.Set(1, "other"); break;
            case "clear": cache.Clear(); break;
            case "handle clear": handle.Clear(); break;
            case "tag": Memo.EvictTag("UpdateTests:1"); break;
            case "where": cache.EvictWhere(EntryTag.Part(0, 1)); break;
            default:
                using (var other = handle.BeginUpdate())
                    Set("other", other);
                Assert.Equal("other", Kept);
                break;
        }

        Set("new", update);
        Assert.Null(Kept);
    }

    [Fact]
    public void Of_two_that_overlap_the_one_that_ends_last_evicts()
    {
        using var first = handle.BeginUpdate();
        using var second = handle.BeginUpdate();
        Set("second", second);
        Assert.Equal("second", Kept);
        Set("first", first);
        Assert.Null(Kept);
    }

    [Fact]
    public void What_happened_before_it_began_or_after_it_ended_does_not_matter()
    {
        cache.Evict(1);
        var update = handle.BeginUpdate();
        Set("new", update);
        update.Dispose();
        update.Dispose();
        Assert.Equal("new", Kept);
        Assert.Empty(method.Updates);
    }

    [Fact]
    public async Task A_load_under_way_does_not_overwrite_it()
    {
        var old = Concurrency.Source<string>();
        var before = cache.LoadAsync(1, _ => old.Task);
        using var update = handle.BeginUpdate();
        Set("new", update);
        old.SetResult("old");
        Assert.Equal("old", await before.InTime());
        Assert.Equal("new", Kept);
    }

    [Fact]
    public void The_rules_hold_for_it()
    {
        using var update = handle.BeginUpdate();
        cache.Set(1, "new", new() { Terms = _ => new() { Discard = true } }, update);
        Assert.Null(Kept);
    }
}
