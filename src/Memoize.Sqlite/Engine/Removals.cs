using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Memoize.Sqlite.Engine;

/// <summary>Removals, inside the transaction of the caller. Each ends the leases of what it removes: their holders load what is from before.</summary>
internal static class Removals
{
    internal static bool Key(Connection connection, string key)
    {
        using var found = new StoreKey(key, stackalloc byte[StoreKey.ScratchBytes]);
        connection[Sql.EndLease].Bind(1, found.Id).Run();
        return EntryWriter.Remove(connection, found.Id);
    }

    /// <summary>Everything, at once for all who read; the parts of large values are given up in small steps afterwards.</summary>
    internal static void All(Connection connection)
    {
        connection.HasDiscarded = true;
        connection.Slots.ReturnAll();
        connection.Shelves.Forget();
        connection.Execute(
            $"INSERT OR REPLACE INTO trash SELECT part, (size + {Schema.PartBytes - 1}) / {Schema.PartBytes} FROM entries WHERE part > 0; DELETE FROM entries; DELETE FROM shelves; DELETE FROM leases");
    }

    /// <summary>A prefix that ends in the middle of a character has no UTF-8 that the keys would begin with.</summary>
    internal static void CheckPrefix(string prefix)
    {
        if (Utf8.FromUtf16(prefix, new byte[prefix.Length * 3], out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
            throw new ArgumentException("The prefix has half of a character (an unpaired surrogate).", nameof(prefix));
    }

    /// <summary>The entries whose keys begin so. Reads all keys, which writers need not wait for: outside of a transaction.</summary>
    internal static List<long> Find(Connection connection, string prefix, CancellationToken token)
    {
        var ids = new List<long>();
        var ranges = Ranges(prefix);
        var rows = connection[Sql.Prefix].BindText(1, ranges[0].From).BindText(2, ranges[0].To).BindText(3, ranges[1].From).BindText(4, ranges[1].To);
        try
        {
            while (rows.Step())
            {
                ids.Add(rows.Long(0));
                token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            rows.Reset();
        }
        return ids;
    }

    /// <summary>Those of the entries that are still there.</summary>
    /// <returns>How many there were.</returns>
    internal static int Entries(Connection connection, ReadOnlySpan<long> ids)
    {
        var removed = 0;
        foreach (var id in ids)
            removed += EntryWriter.Remove(connection, id) ? 1 : 0;
        return removed;
    }

    internal static void Leases(Connection connection, string prefix)
    {
        foreach (var (from, to) in Ranges(prefix))
            connection[Sql.PrefixLeases].BindText(1, from).BindText(2, to).Run();
    }

    /// <summary>What could not be removed before.</summary>
    internal static void Write(Connection connection, Tombstones tombstones)
    {
        var (keys, prefixes) = tombstones.All();
        if (prefixes.Contains(""))
        {
            All(connection);
            return;
        }
        foreach (var key in keys)
            Key(connection, key);
        foreach (var prefix in prefixes)
        {
            Leases(connection, prefix);
            Entries(connection, CollectionsMarshal.AsSpan(Find(connection, prefix, default)));
        }
    }

    /// <summary>The keys that begin so, as UTF-8, and as what keys without UTF-8 are (see <see cref="StoreKey"/>).</summary>
    private static (byte[] From, byte[] To)[] Ranges(string prefix)
    {
        var utf8 = Encoding.UTF8.GetBytes(prefix);
        byte[] other = [0xFF, .. Encoding.Unicode.GetBytes(prefix)];
        // No byte of UTF-8 is as high as 0xFF.
        return [(utf8, [.. utf8, 0xFF]), (other, [.. other, 0xFF, 0xFF, 0xFF])];
    }
}
