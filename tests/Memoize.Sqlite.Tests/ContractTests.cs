using System.Buffers;

namespace Memoize.Sqlite.Tests;

/// <summary>What an IBufferDistributedCache promises.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly TestFile _file = new();
    private readonly SqliteCache _cache;

    public ContractTests() => _cache = _file.Open();

    public void Dispose()
    {
        _cache.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task What_was_set_is_read_in_every_way()
    {
        byte[] value = [1, 2, 3];
        _cache.Set("a", value, TestFile.Forever);
        await _cache.SetAsync("b", value, TestFile.Forever);
        _cache.Set("c", Segments(value, 1), TestFile.Forever);
        await _cache.SetAsync("d", Segments(value, 2), TestFile.Forever, CancellationToken.None);
        foreach (var key in (string[])["a", "b", "c", "d"])
        {
            Assert.Equal(value, _cache.Get(key));
            Assert.Equal(value, await _cache.GetAsync(key));
            var writer = new ArrayBufferWriter<byte>();
            Assert.True(_cache.TryGet(key, writer));
            Assert.True(await _cache.TryGetAsync(key, writer));
            Assert.Equal([.. value, .. value], writer.WrittenSpan.ToArray());
        }
        var statistics = _cache.GetStatistics();
        Assert.Equal((4, 4, 16, 0), (statistics.Entries, statistics.Stored, statistics.Hits, statistics.Misses));
        Assert.Empty(statistics.Failures);
        Assert.Empty(statistics.NotStored);
    }

    [Fact]
    public async Task What_was_never_set_is_a_miss_and_writes_nothing()
    {
        var writer = new ArrayBufferWriter<byte>();
        Assert.Null(_cache.Get("a"));
        Assert.Null(await _cache.GetAsync("a"));
        Assert.False(_cache.TryGet("a", writer));
        Assert.False(await _cache.TryGetAsync("a", writer));
        Assert.Equal(0, writer.WrittenCount);
        _cache.Remove("a");
        _cache.Refresh("a");
        Assert.Equal(4, _cache.GetStatistics().Misses);
    }

    [Fact]
    public void The_last_value_wins_and_a_removed_one_is_gone()
    {
        foreach (var size in (int[])[10, 5_000, 600_000, 20, 300_000, 0])
        {
            var value = Payload.Of("a", size, size)[..size];
            _cache.Set("a", value, TestFile.Forever);
            Assert.Equal(value, _cache.Get("a"));
        }
        _cache.Remove("a");
        Assert.Null(_cache.Get("a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_024)]
    [InlineData(2_999)]
    [InlineData(3_000)]
    [InlineData(3_001)]
    [InlineData(50 * 1024)]
    [InlineData(256 * 1024)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(10_000_000)]
    [InlineData(64 << 20)]
    public async Task Values_of_all_sizes_come_back_as_they_were(int size)
    {
        var value = new byte[size];
        new Random(size).NextBytes(value);
        _cache.Set("whole", value, TestFile.Forever);
        _cache.Set("segments", Segments(value, 100_001), TestFile.Forever);
        Assert.True(value.AsSpan().SequenceEqual(_cache.Get("whole")));
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(_cache.TryGet("segments", writer));
        Assert.True(value.AsSpan().SequenceEqual(writer.WrittenSpan));
        Assert.Empty(await _cache.CheckIntegrityAsync());
    }

    [Fact]
    public void Keys_are_told_apart_by_every_character()
    {
        string[] keys = ["", "a", "A", "a ", "ä", "a\u0308", "\ud83d\ude00", "\ud83d", "\ude00", "\ufffd", "a\0", "a\0b", "a%", "a_", "'; DROP TABLE entries; --", new('k', 10_000), new('k', 10_001)];
        for (var i = 0; i < keys.Length; i++)
            _cache.Set(keys[i], [(byte)i], TestFile.Forever);
        for (var i = 0; i < keys.Length; i++)
            Assert.Equal((byte[])[(byte)i], _cache.Get(keys[i]));
        Assert.Equal(keys.Length, _cache.GetStatistics().Entries);
    }

    [Fact]
    public async Task Null_arguments_and_cancelled_tokens_are_the_callers_mistakes()
    {
        Assert.Throws<ArgumentNullException>(() => _cache.Get(null!));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("a", null!, TestFile.Forever));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("a", [], null!));
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.GetAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.SetAsync("a", [], TestFile.Forever, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.RemoveAsync("a", cancelled));
    }

    [Fact]
    public async Task Many_are_read_in_one_go()
    {
        for (var i = 0; i < 100; i += 2)
            _cache.Set("k" + i, Payload.Of("k" + i, i, 1_000 + 100 * i), TestFile.Forever);
        var found = new Dictionary<int, byte[]>();
        await _cache.GetManyAsync([.. Enumerable.Range(0, 100).Select(i => "k" + i)], (i, bytes) => found.Add(i, bytes.ToArray()));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 2 * i), found.Keys.Order());
        Assert.All(found, pair => Assert.True(Payload.IsOf("k" + pair.Key, pair.Value)));
    }

    [Fact]
    public async Task All_with_a_prefix_are_removed_and_no_others()
    {
        string[] gone = ["user:", "user:1", "user:é", "user:\ud800"];
        string[] kept = ["user", "user;", "User:1", "user_1", "x"];
        foreach (var key in gone.Concat(kept))
            _cache.Set(key, [1], TestFile.Forever);
        for (var i = 0; i < 1_200; i++)
            _cache.Set("user:many:" + i, [1], TestFile.Forever);
        Assert.Equal(1_204, await _cache.RemoveByPrefixAsync("user:"));
        Assert.All(gone, key => Assert.Null(_cache.Get(key)));
        Assert.All(kept, key => Assert.NotNull(_cache.Get(key)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _cache.RemoveByPrefixAsync("user:\ud800"));
    }

    [Fact]
    public async Task Clear_removes_everything()
    {
        for (var i = 0; i < 100; i++)
            _cache.Set("k" + i, new byte[i * 10_000], TestFile.Forever);
        await _cache.ClearAsync();
        Assert.All(Enumerable.Range(0, 100), i => Assert.Null(_cache.Get("k" + i)));
        _cache.Set("a", [1], TestFile.Forever);
        Assert.Equal([1], _cache.Get("a"));
        Assert.Empty(await _cache.CheckIntegrityAsync());
    }

    [Fact]
    public void Another_cache_on_the_file_and_one_after_a_restart_see_the_values()
    {
        _cache.Set("a", [1], TestFile.Forever);
        using (var other = _file.Open())
        {
            Assert.Equal([1], other.Get("a"));
            other.Set("a", [2], TestFile.Forever);
        }
        Assert.Equal([2], _cache.Get("a"));
        _cache.Dispose();
        Assert.Null(_cache.Get("a"));
        _cache.Set("a", [3], TestFile.Forever);
        Assert.Equal(1, _cache.GetStatistics().NotStored[SqliteFailure.Disposed]);
        using var later = _file.Open();
        Assert.Equal([2], later.Get("a"));
    }

    private static ReadOnlySequence<byte> Segments(byte[] value, int size)
    {
        var first = new Segment(default, 0);
        var last = first;
        for (var i = 0; i < value.Length; i += size)
            last = last.Append(value.AsMemory(i, Math.Min(size, value.Length - i)));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        internal Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
