namespace Memoize.Sqlite.Engine;

/// <summary>The tables, and how a file tells that they are ours.</summary>
internal static class Schema
{
    /// <summary>"Memo" in the header of the file, where the command <c>file</c> and others look for the application.</summary>
    internal const int ApplicationId = 0x4D656D6F;

    internal const int Version = 3;

    /// <summary>
    /// What is at most this long lies in the row of its entry: the row fits one page then, so that to touch it costs the writing of that
    /// page whether or not the value is there. What is longer lies in parts, and touching the entry moves none of it.
    /// </summary>
    internal const int InlineBytes = 3_000;

    /// <summary>What is longer than this lies in a file of its own (see <see cref="LargeFile"/>), in slots.</summary>
    internal const int LargeBytes = 64 * 1024;

    internal const int SlotBytes = 16 * 1024;

    /// <summary>In the place of a part: the value of the entry says which slots it has.</summary>
    internal const long InSlots = -1;

    internal static long Slots(long size) => (size + SlotBytes - 1) / SlotBytes;

    /// <summary>Large enough that its costs vanish, small enough for the processor's cache and for giving up in small steps.</summary>
    internal const int PartBytes = 256 * 1024;

    /// <summary>The number of parts of a value of that size; of no more than fits an array, should the size be damaged.</summary>
    internal static int Parts(long size) => size <= InlineBytes ? 0 : (int)((Math.Min(size, int.MaxValue) + PartBytes - 1) / PartBytes);

    /// <summary>Whether these tables are in a file, by the texts that made it: white space is whatever the source had. There may be others, as ANALYZE makes them.</summary>
    internal static bool IsMadeBy(IEnumerable<string> texts)
        => s_made.IsSubsetOf(texts.Select(Normal));

    private static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// Entries lie in the order of their last use, as far as it was written: a new one is put behind the last one, on a page that is
    /// written anyway, and what was not used for longest is the first. It is found by the 64-bit hash of its key; the key is compared, so
    /// that two keys of one hash displace each other and are never taken for each other. Times are milliseconds since 1970, used is ticks.
    /// Every index costs each write a page or two, so there is one, with nothing in it but numbers. What has expired is found by
    /// <see cref="Shelves"/>, keys with a prefix by reading all keys.
    /// </summary>
    internal const string Tables =
        """
        CREATE TABLE store(birth INTEGER NOT NULL);
        CREATE TABLE entries(
          place INTEGER PRIMARY KEY, id INTEGER NOT NULL, key TEXT NOT NULL, size INTEGER NOT NULL,
          expires INTEGER NOT NULL, sliding INTEGER NOT NULL, absolute INTEGER NOT NULL, shelf INTEGER NOT NULL, used INTEGER NOT NULL,
          checksum INTEGER NOT NULL, part INTEGER NOT NULL, value BLOB) STRICT;
        CREATE UNIQUE INDEX entries_id ON entries(id);
        CREATE TABLE shelves(shelf INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY(shelf, block)) STRICT, WITHOUT ROWID;
        CREATE INDEX shelves_block ON shelves(block);
        CREATE TABLE parts(id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
        CREATE TABLE slots(taken INTEGER NOT NULL, ends INTEGER NOT NULL) STRICT;
        CREATE TABLE gaps(first INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
        CREATE TABLE trash(part INTEGER PRIMARY KEY, parts INTEGER NOT NULL) STRICT;
        CREATE TABLE leases(id INTEGER PRIMARY KEY, key TEXT NOT NULL, lease INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;
        """;

    private static readonly HashSet<string> s_made = [.. Tables.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Normal)];
}
