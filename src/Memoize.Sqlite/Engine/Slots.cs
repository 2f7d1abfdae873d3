namespace Memoize.Sqlite.Engine;

/// <summary>
/// Which slots of the file of large values are free, as the tables say it: a change of that is part of the transaction that it belongs to.
/// What a transaction gives back is free when the transaction is over and not before: until then, others read it, and if the
/// process is killed, it is still there.
/// </summary>
internal sealed class Slots(Connection connection)
{
    // Where there is no place for a value as a whole, it is put into the largest gaps; not into so many that reading it took long.
    private const int MostPieces = 64;

    private readonly List<Run> _returned = [];
    private long _returnedCount;
    private bool _returnedAll;

    /// <summary>The slots in use, without those that are given back at the end of the transaction.</summary>
    internal long Taken => connection[Sql.Taken].Scalar() - _returnedCount;

    /// <summary>Takes slots: a gap, or new ones at the end of the file while that stays below its most, or several gaps.</summary>
    internal List<Run> Take(long count, long most)
    {
        var runs = new List<Run>();
        var ends = connection[Sql.Ends].Scalar();
        if (connection[Sql.Gap].Bind(1, count).TryScalar(out var gap))
        {
            runs.Add(Fill(new(gap, connection[Sql.GapSize].Bind(1, gap).Scalar()), count));
        }
        else
        {
            var missing = count;
            if (ends + count > most)
            {
                var gaps = new List<Run>();
                var rows = connection[Sql.LargestGaps].Bind(1, MostPieces);
                while (rows.Step())
                    gaps.Add(new(rows.Long(0), rows.Long(1)));
                for (var i = 0; i < gaps.Count && missing > 0; i++)
                {
                    runs.Add(Fill(gaps[i], Math.Min(missing, gaps[i].Count)));
                    missing -= runs[^1].Count;
                }
            }
            if (missing > 0)
            {
                runs.Add(new(ends, missing));
                ends += missing;
            }
        }
        connection[Sql.SetSlots].Bind(1, connection[Sql.Taken].Scalar() + count).Bind(2, ends).Run();
        return runs;
    }

    /// <summary>Gives slots back, at the end of the transaction.</summary>
    internal void Return(List<Run> runs)
    {
        _returned.AddRange(runs);
        _returnedCount += runs.Sum(static run => run.Count);
    }

    /// <summary>All slots are free at the end of the transaction but those that entries have then.</summary>
    internal void ReturnAll()
    {
        _returnedAll = true;
        _returnedCount = connection[Sql.Taken].Scalar();
    }

    /// <summary>The end of the transaction, before it is committed.</summary>
    internal void Settle()
    {
        if (_returnedAll)
            Rebuild();
        else if (_returned.Count > 0)
            Merge();
        Forget();
    }

    /// <summary>The transaction was rolled back.</summary>
    internal void Forget()
    {
        _returned.Clear();
        _returnedCount = 0;
        _returnedAll = false;
    }

    private Run Fill(Run gap, long count)
    {
        connection[Sql.DropGap].Bind(1, gap.First).Run();
        if (gap.Count > count)
            connection[Sql.AddGap].Bind(1, gap.First + count).Bind(2, gap.Count - count).Run();
        return new(gap.First, count);
    }

    private void Merge()
    {
        var ends = connection[Sql.Ends].Scalar();
        foreach (var run in _returned)
        {
            var gap = run;
            var before = connection[Sql.GapBefore].Bind(1, run.First);
            if (before.Step())
            {
                var other = new Run(before.Long(0), before.Long(1));
                before.Reset();
                if (other.End == gap.First)
                {
                    connection[Sql.DropGap].Bind(1, other.First).Run();
                    gap = new(other.First, other.Count + gap.Count);
                }
            }
            if (connection[Sql.GapSize].Bind(1, run.End).TryScalar(out var after))
            {
                connection[Sql.DropGap].Bind(1, run.End).Run();
                gap = gap with { Count = gap.Count + after };
            }
            if (gap.End == ends)
                ends = gap.First;
            else
                connection[Sql.AddGap].Bind(1, gap.First).Bind(2, gap.Count).Run();
        }
        connection[Sql.SetSlots].Bind(1, connection[Sql.Taken].Scalar() - _returnedCount).Bind(2, ends).Run();
    }

    private void Rebuild()
    {
        connection.Execute("DELETE FROM gaps");
        var (taken, ends) = (0L, 0L);
        foreach (var run in Used(connection).OrderBy(static run => run.First))
        {
            if (run.First > ends)
                connection[Sql.AddGap].Bind(1, ends).Bind(2, run.First - ends).Run();
            (taken, ends) = (taken + run.Count, run.End);
        }
        connection[Sql.SetSlots].Bind(1, taken).Bind(2, ends).Run();
    }

    /// <summary>The slots that entries have.</summary>
    internal static List<Run> Used(Connection connection)
    {
        var used = new List<Run>();
        using var rows = connection.Prepare("SELECT value FROM entries WHERE part < 0");
        while (rows.Step())
            used.AddRange(Run.ReadAll(rows.Bytes(0)));
        return used;
    }
}
