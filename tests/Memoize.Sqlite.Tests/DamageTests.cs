using System.Globalization;
using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>Files that are not what they should be: a miss and a message, never an exception, never a wrong value.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_file_that_was_cut_anywhere_gives_what_is_sound_and_works_on()
    {
        var whole = Filled();
        var random = new Random(1);
        for (var round = 0; round < 40; round++)
        {
            Replace(whole[..random.Next(whole.Length)]);
            Works($"cut {round}");
        }
    }

    [Fact]
    public void A_file_with_flipped_bits_gives_what_is_sound_and_works_on()
    {
        var whole = Filled();
        var random = new Random(2);
        for (var round = 0; round < 60; round++)
        {
            var copy = (byte[])whole.Clone();
            // Half of them in the first pages, where the header, the schema and the roots of the trees are.
            for (var i = 0; i < 1 + round % 4; i++)
                copy[random.Next(round % 2 == 0 ? 40_960 : copy.Length)] ^= (byte)(1 << random.Next(8));
            Replace(copy);
            Works($"flip {round}");
        }
    }

    [Fact]
    public void A_flipped_bit_in_a_value_is_a_miss_of_that_value_alone()
    {
        byte[] mark = [.. "This value is in the row of its entry, and is easy to find"u8];
        var middle = Payload.Of("middle", 1, 60_000);
        var large = Payload.Of("large", 1, 400_000);
        using (var cache = _file.Open())
        {
            cache.Set("small", mark, TestFile.Forever);
            cache.Set("middle", middle, TestFile.Forever);
            cache.Set("large", large, TestFile.Forever);
            cache.Set("other", [1], TestFile.Forever);
        }
        var bytes = File.ReadAllBytes(_file.Path);
        bytes[bytes.AsSpan().IndexOf(mark) + 10] ^= 4;
        bytes[bytes.AsSpan().IndexOf(middle.AsSpan(20_000, 50)) + 10] ^= 4;
        Replace(bytes);
        using var again = _file.Open();
        Assert.Null(again.Get("small"));
        Assert.Null(again.Get("middle"));
        Assert.Equal(large, again.Get("large"));
        Assert.Equal([1], again.Get("other"));
        Assert.Equal(2, again.GetStatistics().Failures[SqliteFailure.Damaged]);
        // They are removed in the background.
        Assert.True(SpinWait.SpinUntil(() => again.GetStatistics().Entries == 2, 60_000));
        Assert.Empty(_file.SetAside());
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("cut")]
    [InlineData("swapped")]
    [InlineData("removed")]
    public async Task Damage_in_the_file_of_large_values_is_a_miss_of_what_it_hits(string what)
    {
        using (var cache = _file.Open())
        {
            for (var i = 0; i < 10; i++)
                cache.Set("k" + i, Payload.Of("k" + i, i, 200_000), TestFile.Forever);
        }
        var values = _file.Path + "-values";
        var bytes = await File.ReadAllBytesAsync(values);
        if (what == "flipped")
            bytes[700_000] ^= 16;
        else if (what == "swapped")
            bytes = [.. bytes[1_000_000..], .. bytes[..1_000_000]];
        File.Delete(values);
        if (what != "removed")
            await File.WriteAllBytesAsync(values, what == "cut" ? bytes[..1_000_000] : bytes);
        using var again = _file.Open();
        var found = Enumerable.Range(0, 10).Count(i => again.Get("k" + i) is { } value && Payload.IsOf("k" + i, value));
        Assert.Equal(what switch { "flipped" => 9, "cut" => 4, _ => 0 }, found);
        Assert.Equal(10 - found, again.GetStatistics().Failures[SqliteFailure.Damaged]);
        Assert.True(SpinWait.SpinUntil(() => again.GetStatistics().Entries == found, 60_000));
        for (var i = 0; i < 10; i++)
            again.Set("k" + i, Payload.Of("k" + i, i, 200_000), TestFile.Forever);
        Assert.All(Enumerable.Range(0, 10), i => Assert.True(Payload.IsOf("k" + i, again.Get("k" + i)!)));
        Assert.Empty(await again.CheckIntegrityAsync());
        Assert.Empty(_file.SetAside());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("zeros")]
    [InlineData("empty")]
    [InlineData("header only")]
    public void A_file_that_is_no_database_is_set_aside(string what)
    {
        var content = what switch
        {
            "text" => [.. "Dear diary"u8],
            "zeros" => new byte[100_000],
            "empty" => [],
            _ => [.. "SQLite format 3\0"u8, .. new byte[84]],
        };
        File.WriteAllBytes(_file.Path, content);
        Works(what);
        if (what != "empty")
            Assert.Equal(content, File.ReadAllBytes(Assert.Single(_file.SetAside())));
    }

    [Theory]
    [InlineData("CREATE TABLE orders(id); INSERT INTO orders VALUES(7)")]
    [InlineData("PRAGMA application_id = 1298493807; PRAGMA user_version = 99; CREATE TABLE orders(id)")]
    [InlineData("PRAGMA application_id = 1298493807; PRAGMA user_version = 2; CREATE TABLE orders(id)")]
    [InlineData(
        """
        PRAGMA application_id = 1298493807; PRAGMA user_version = 1;
        CREATE TABLE store(birth INTEGER NOT NULL);
        INSERT INTO store VALUES(7);
        CREATE TABLE entries(
          id INTEGER PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL,
          expires INTEGER NOT NULL, sliding INTEGER NOT NULL, absolute INTEGER NOT NULL, used INTEGER NOT NULL,
          checksum INTEGER NOT NULL, part INTEGER NOT NULL, value BLOB) STRICT;
        """)]
    [InlineData(
        """
        PRAGMA application_id = 1298493807; PRAGMA user_version = 2;
        CREATE TABLE store(birth INTEGER NOT NULL);
        CREATE TABLE entries(
          id INTEGER PRIMARY KEY, key TEXT NOT NULL, size INTEGER NOT NULL,
          expires INTEGER NOT NULL, sliding INTEGER NOT NULL, absolute INTEGER NOT NULL, shelf INTEGER NOT NULL, used INTEGER NOT NULL,
          checksum INTEGER NOT NULL, part INTEGER NOT NULL, value BLOB) STRICT;
        CREATE INDEX entries_shelf ON entries(shelf, used);
        CREATE TABLE parts(id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
        CREATE TABLE slots(taken INTEGER NOT NULL, ends INTEGER NOT NULL) STRICT;
        CREATE TABLE gaps(first INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
        CREATE TABLE trash(part INTEGER PRIMARY KEY, parts INTEGER NOT NULL) STRICT;
        CREATE TABLE leases(id INTEGER PRIMARY KEY, key TEXT NOT NULL, lease INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
        INSERT INTO store VALUES(7);
        INSERT INTO slots VALUES(0, 0);
        INSERT INTO entries VALUES(1, 'k1', 1, 9223372036854775807, 0, 9223372036854775807, 9223372036854775807, 1, 1, 0, x'01');
        """)]
    public async Task The_database_of_another_application_or_version_is_set_aside_whole(string sql)
    {
        using (var foreign = TestDatabase.Open(_file.Path))
            foreign.Execute(sql);
        var content = await File.ReadAllBytesAsync(_file.Path);
        Works(sql);
        Assert.Equal(content, await File.ReadAllBytesAsync(Assert.Single(_file.SetAside())));
    }

    [Fact]
    public void An_index_that_says_anothers_place_is_found_out_when_that_is_written()
    {
        using (var cache = _file.Open())
        {
            for (var i = 0; i < 100; i++)
                cache.Set("k" + i, Payload.Of("k" + i, i, 100), TestFile.Forever);
        }
        var (id, place) = InIndex("k7");
        var (_, other) = InIndex("k8");
        var bytes = File.ReadAllBytes(_file.Path);
        other.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf((byte[])[.. id, .. place]) + id.Length));
        Replace(bytes);
        using (var cache = _file.Open())
        {
            Assert.Null(cache.Get("k7"));
            Assert.True(Payload.IsOf("k8", cache.Get("k8")!));
        }
        Works("another's place");
        Assert.Single(_file.SetAside());
    }

    [Fact]
    public void An_entry_that_the_index_has_lost_does_not_keep_the_culling_busy()
    {
        using (var cache = _file.Open())
        {
            for (var i = 0; i < 300; i++)
                cache.Set("k" + i, new byte[2_000], TestFile.Forever);
        }
        var (id, place) = InIndex("k1");
        var bytes = File.ReadAllBytes(_file.Path);
        var at = bytes.AsSpan().IndexOf((byte[])[.. id, .. place]);
        // The last bit, so that it stays in its place among the others.
        bytes[at + id.Length - 1] ^= 1;
        Replace(bytes);
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        var culling = new Culling(256 * 1024, new(TimeProvider.System));
        var failure = Assert.Throws<StoreException>(() =>
        {
            for (var step = 0; step < 1_000 && !culling.Step(connection, 0); step++)
            {
            }
        });
        Assert.Equal(SqliteFailure.Damaged, failure.Reason);
    }

    /// <summary>The hash of a key and the place of its entry, as they stand in the index.</summary>
    private (byte[] Id, byte[] Place) InIndex(string key)
    {
        using var connection = Connection.Open(_file.Path, readOnly: true, 1_000);
        var place = connection.Scalar($"SELECT place FROM entries WHERE key = '{key}'");
        var id = connection.Scalar($"SELECT id FROM entries WHERE key = '{key}'");
        // SQLite's numbers are as short as they can be.
        Assert.InRange(place, 2, 127);
        var bytes = new byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return (bytes, [(byte)place]);
    }

    [Fact]
    public void An_error_that_says_nothing_about_the_file_is_no_reason_to_set_it_aside()
    {
        using (var cache = _file.Open())
            cache.Set("a", [1], TestFile.Forever);
        using (var connection = Connection.Open(_file.Path, readOnly: false, 1_000))
        {
            Assert.Equal(SqliteFailure.Unavailable, Assert.Throws<StoreException>(() => connection.Execute("SELECT nothing")).Reason);
            // Somebody looks into it, and helps the planner.
            connection.Execute("ANALYZE; CREATE TABLE notes(text)");
        }
        using var again = _file.Open();
        Assert.Equal([1], again.Get("a"));
        Assert.Empty(_file.SetAside());
    }

    [Fact]
    public void Tables_that_somebody_changed_are_those_of_no_store()
    {
        using var cache = _file.Open(retryAfter: 0);
        cache.Set("a", [1], TestFile.Forever);
        using (var other = TestDatabase.Open(_file.Path))
            other.Execute("ALTER TABLE entries RENAME COLUMN used TO touched");
        Assert.True(SpinWait.SpinUntil(() =>
        {
            cache.Set("b", [2], TestFile.Forever);
            return cache.Get("b") is [2];
        }, 60_000));
        Assert.Single(_file.SetAside());
    }

    [Fact]
    public async Task A_file_that_is_damaged_while_it_is_open_is_replaced_for_all_who_use_it()
    {
        using var one = _file.Open();
        using var two = _file.Open();
        for (var i = 0; i < 300; i++)
            one.Set("k" + i, Payload.Of("k" + i, i, 5_000), TestFile.Forever);
        Assert.NotNull(two.Get("k1"));
        // From another process: in this one, to close the file would give up SQLite's locks.
        await TestFile.Finish(TestFile.Shell("sh", "-c", string.Create(CultureInfo.InvariantCulture,
            $"for f in '{_file.Path}' '{_file.Path}-wal'; do dd if=/dev/urandom of=\"$f\" bs=4096 count=1500 conv=notrunc status=none; done")));
        var works = SpinWait.SpinUntil(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                Assert.True(one.Get("k" + i) is not { } value || Payload.IsOf("k" + i, value));
                Assert.True(two.Get("k" + i) is not { } other || Payload.IsOf("k" + i, other));
            }
            one.Set("new", [1], TestFile.Forever);
            return two.Get("new") is not null && _file.SetAside().Length > 0;
        }, 60_000);
        Assert.True(works);
    }

    /// <summary>Everything that is read is right, and afterwards the store works as a new one does.</summary>
    private void Works(string what)
    {
        using var cache = _file.Open(busyTimeout: 500, retryAfter: 0);
        for (var i = 0; i < 100; i++)
            Assert.True(cache.Get("k" + i) is not { } value || Payload.IsOf("k" + i, value), $"{what}: k{i}");
        var worked = false;
        for (var attempt = 0; attempt < 5 && !worked; attempt++)
        {
            for (var i = 0; i < 100; i++)
                cache.Set("k" + i, Payload.Of("k" + i, i + 1_000, 16 + i * 300), TestFile.Forever);
            worked = Enumerable.Range(0, 100).All(i => cache.Get("k" + i) is { } value && Payload.IsOf("k" + i, value));
        }
        Assert.True(worked, $"{what}: {string.Join(", ", cache.GetStatistics().Failures)}");
    }

    private byte[] Filled()
    {
        using (var cache = _file.Open())
        {
            for (var i = 0; i < 100; i++)
                cache.Set("k" + i, Payload.Of("k" + i, i, i % 10 == 0 ? 300_000 : 16 + i * 100), TestFile.Forever);
        }
        return File.ReadAllBytes(_file.Path);
    }

    private void Replace(byte[] content)
    {
        foreach (var file in Directory.GetFiles(_file.Folder).Where(file => !file.EndsWith("-values", StringComparison.Ordinal)))
            File.Delete(file);
        File.WriteAllBytes(_file.Path, content);
    }
}
