using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>
/// What goes wrong with the file is told: once and not for each call, with the file, what happened to it, and what to do. For full disks and files
/// that may not be written, <see cref="FullAndReadOnlyTests"/> do the same.
/// </summary>
public sealed class MessageTests : IDisposable
{
    private const string Remove = "Nothing was deleted: remove it when you have looked at it";
    private const string Separate = "Nothing was deleted: if another application or version uses it, give each a File of its own and name this one back; else remove it";
    private readonly TestFile _file = new();
    private readonly TestLog _log = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("text", "file is not a database (SQLite error 26)", Remove)]
    [InlineData("truncated", "database disk image is malformed (SQLite error 11)", Remove)]
    [InlineData("overwritten", "database disk image is malformed (SQLite error 11)", Remove)]
    [InlineData("overwritten where the entries are", "the file is damaged", Remove)]
    [InlineData("without tables", "the tables in the file are not those of a store", Remove)]
    [InlineData("foreign", "the file is the database of another application", Separate)]
    [InlineData("version", "the file is a store of version 99, and this is version 3", Separate)]
    public void A_file_that_is_set_aside_is_told_once_with_its_new_name_and_what_to_do(string what, string why, string advice)
    {
        Spoil(what);
        UseAll();
        var aside = Assert.Single(_file.SetAside());
        Assert.Equal($"Warning: The cache file {_file.Path} was set aside as {aside} and a new one was begun: {why}. {advice}", Assert.Single(_log.All));
    }

    [Fact]
    public void Damaged_entries_are_told_once_with_a_key_and_what_to_do()
    {
        Fill();
        using (var connection = TestDatabase.Open(_file.Path))
            connection.Execute("UPDATE entries SET checksum = checksum + 1 WHERE key IN ('k7', 'k8')");
        using var cache = Open();
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(cache.Get("k7"));
            Assert.Null(cache.Get("k8"));
        }
        Assert.Equal(
            $"Warning: The entry k7 in the cache file {_file.Path} is damaged: its checksum does not match. It is a miss and is removed. "
            + "Others are counted and not told for a while; if there are many, look at the disk, or remove the file",
            Assert.Single(_log.All));
    }

    [Fact]
    public void A_lock_that_another_process_holds_for_too_long_is_told_once_with_what_to_do()
    {
        Fill();
        using var other = TestDatabase.Open(_file.Path);
        other.Execute("BEGIN IMMEDIATE");
        using var cache = Open();
        for (var i = 0; i < 20; i++)
            cache.Set("k" + i, [1], TestFile.Forever);
        other.Execute("ROLLBACK");
        Assert.Equal(
            $"Warning: The cache file {_file.Path} cannot be written (Busy): database is locked (SQLite error 5). "
            + "Look for who holds its lock for so long, or raise BusyTimeout. Calls go on without it, and it is tried again soon",
            Assert.Single(_log.All));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_once_with_what_to_do()
    {
        Directory.CreateDirectory(_file.Path);
        using var cache = Open();
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(cache.Get("k" + i));
            cache.Set("k" + i, [1], TestFile.Forever);
        }
        Assert.Equal(
            $"Warning: The cache file {_file.Path} cannot be read (Unavailable): unable to open database file (SQLite error 14). "
            + "Look whether the file and its folder are there, and whether this user may open them. Calls go on without it, and it is tried again soon",
            Assert.Single(_log.All));
    }

    private SqliteCache Open() => new(new() { File = _file.Path, BusyTimeout = 0, RetryAfter = 0 }, _log);

    private void Fill()
    {
        using var cache = _file.Open();
        for (var i = 0; i < 100; i++)
            cache.Set("k" + i, Payload.Of("k" + i, i, 5_000), TestFile.Forever);
    }

    private void Spoil(string what)
    {
        if (what is "text")
        {
            File.WriteAllText(_file.Path, "Dear diary");
            return;
        }
        if (what is "foreign" or "version")
        {
            using var other = TestDatabase.Open(_file.Path);
            other.Execute(what is "foreign" ? "CREATE TABLE orders(id)" : $"PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = 99; CREATE TABLE entries(id)");
            return;
        }
        Fill();
        if (what is "without tables")
        {
            using var store = TestDatabase.Open(_file.Path);
            store.Execute("DROP TABLE shelves");
            return;
        }
        using var file = new FileStream(_file.Path, FileMode.Open);
        if (what is "truncated")
        {
            file.SetLength(file.Length / 2);
            return;
        }
        // In the first page is the header, and the list of the tables; in the next ten, where each of these begins.
        file.Position = what is "overwritten" ? 4_096 : 20 * 4_096;
        file.Write(new byte[file.Length - file.Position]);
    }

    private void UseAll()
    {
        using var cache = Open();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                cache.Get("k" + i);
                cache.Set("k" + i, [1], TestFile.Forever);
            }
        }
        Assert.Equal([1], cache.Get("k99"));
    }
}
