using System.Text;

namespace Memoize.Sqlite.Engine;

internal static class Integrity
{
    private const int Most = 100;

    internal static IReadOnlyList<string> Check(Connection connection, CancellationToken token)
    {
        var wrong = new List<string>();
        // One view of the file for all of it.
        connection.Execute("BEGIN");
        try
        {
            Trees(connection, wrong);
            Entries(connection, wrong, token);
            var parts = connection.Scalar("SELECT count(*) FROM parts");
            var known = connection.Scalar(
                $"SELECT (SELECT coalesce(sum((size + {Schema.PartBytes - 1}) / {Schema.PartBytes}), 0) FROM entries WHERE part > 0) + (SELECT coalesce(sum(parts), 0) FROM trash)");
            if (parts != known)
                wrong.Add($"{parts} parts of values, and entries that have {known}");
            Slots(connection, wrong);
        }
        finally
        {
            connection.Execute("COMMIT");
        }
        return wrong;
    }

    /// <summary>Each slot is of one entry, or of a gap, up to the end.</summary>
    private static void Slots(Connection connection, List<string> wrong)
    {
        var used = Engine.Slots.Used(connection);
        var all = new List<Run>(used);
        using var gaps = connection.Prepare("SELECT first, count FROM gaps");
        while (gaps.Step())
            all.Add(new(gaps.Long(0), gaps.Long(1)));
        var ends = 0L;
        foreach (var run in all.OrderBy(static run => run.First))
        {
            if (run.First != ends)
                wrong.Add($"the slots from {Math.Min(run.First, ends)} on are {(run.First > ends ? "nobody's" : "those of two")}");
            ends = run.End;
        }
        if (ends != connection[Sql.Ends].Scalar() || used.Sum(static run => run.Count) != connection[Sql.Taken].Scalar())
            wrong.Add("the slots are not counted right");
    }

    private static void Trees(Connection connection, List<string> wrong)
    {
        using var check = connection.Prepare($"PRAGMA integrity_check({Most})");
        while (check.Step())
        {
            var line = Encoding.UTF8.GetString(check.Bytes(0));
            if (line != "ok")
                wrong.Add(line);
        }
    }

    private static void Entries(Connection connection, List<string> wrong, CancellationToken token)
    {
        using var keys = connection.Prepare("SELECT key, id FROM entries");
        var destination = new RentedDestination();
        var untouched = new Touches(TimeProvider.System);
        try
        {
            while (keys.Step() && wrong.Count < Most)
            {
                token.ThrowIfCancellationRequested();
                var key = new StoreKey(keys.Bytes(0));
                if (key.Id != keys.Long(1))
                    wrong.Add($"the entry {keys.Long(1)} is not where its key belongs");
                else if (EntryReader.Read(connection, key, long.MinValue, untouched, ref destination, out _) == Reading.Damaged)
                    wrong.Add($"the value of {Encoding.UTF8.GetString(key.Text)} does not match its checksum");
            }
        }
        finally
        {
            destination.Dispose();
        }
    }
}
