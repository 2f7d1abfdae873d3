namespace Memoize.Integration.Tests.Model;

/// <summary>One call of a cached method, or of its batch: what it may be given is decided before it begins.</summary>
public sealed class Call
{
    // For how long after its lifetime has begun a value may be given to anybody, in milliseconds: all that the attributes allow for.
    private static readonly long[] _longest = [5000, 5000, 2000 + 4000, 2000 + 6000, 6000];

    private readonly Kind _kind;
    private readonly int[] _ids;
    private readonly Cell[] _cells;
    private readonly long[] _floors;
    private readonly long[] _acts;
    private readonly long _began;
    private readonly Action<string> _report;
    private readonly CancellationTokenSource? _source;

    public Call(World world, Kind kind, int[] ids, Random random, Action<string> report)
    {
        World = world;
        _kind = kind;
        _ids = ids;
        _report = report;
        Fails = random.Next(24) == 0;
        Lingers = random.Next(8) == 0;
        Omits = random.Next(16) == 0;
        _source = random.Next(4) == 0 ? new() : null;
        _began = world.Now;
        _cells = Array.ConvertAll(ids, id => world[kind, id]);
        _acts = Array.ConvertAll(_cells, static cell => cell.ActsEnded);
        _floors = Array.ConvertAll(_cells, static cell => cell.Settled);
    }

    public World World { get; }

    public Kind Kind => _kind;

    public int[] Ids => _ids;

    public int Id => _ids[0];

    public int Group => Id % World.Groups;

    public bool Fails { get; }

    public bool Lingers { get; }

    public bool Omits { get; }

    public bool CanBeCancelled => _source is not null;

    public CancellationToken Token => _source?.Token ?? default;

    /// <summary>How many acts had ended on a cell when the call began.</summary>
    public long ActsOf(int cell) => _acts[Array.FindIndex(_cells, one => one.Number == cell)];

    public void Cancel()
    {
        foreach (var cell in _cells)
            cell.BeginAct("a caller is cancelled");
        _source!.Cancel();
        foreach (var cell in _cells)
            cell.EndAct();
    }

    public void Report(string what) => _report(what);

    /// <summary>The call has returned a value for an id.</summary>
    public void Got(int id, Row? row)
    {
        var place = Array.IndexOf(_ids, id);
        var cell = _cells[place];

        // Once: another thread may see the row for the first time right now.
        var seen = row?.SeenBy ?? long.MaxValue;
        if (row is null || row.Cell != cell.Number)
            Fail(cell, $"{_kind} of {id}, which is cell {cell.Number}, gave {row?.ToString() ?? "null"}.");
        else if (row.Cancelled is { } cancelled && !(cancelled == this && Token.IsCancellationRequested))
            Fail(cell, $"{_kind} of {id} gave {row}.");
        else if (row.Version < _floors[place])
            Fail(cell, $"{_kind} of {id}: version {_floors[place]} was written and invalidated, and a call that began later got {row}.");
        else if (_began - _longest[(int)_kind] >= seen)
            Fail(cell, $"{_kind} of {id}: a call that began at {_began} ms got {row}, which had been there at {seen} ms.");
        else
            row.WasSeen(World.Now);
    }

    /// <summary>The call has thrown.</summary>
    public void Threw(Exception exception)
    {
        switch (exception)
        {
            case OperationCanceledException when Token.IsCancellationRequested:
            case TimeoutException when _kind == Kind.Lazy:
                return;
            case LoadFailedException failed:
                // A failure, too, is an answer, and must be of a load that an invalidation before the call would have let through.
                var ours = failed.Rows.Where(row => Array.Exists(_cells, cell => cell.Number == row.Cell)).ToArray();
                if (!Array.Exists(ours, row => row.Version >= _floors[Array.FindIndex(_cells, cell => cell.Number == row.Cell)]))
                    Fail(_cells[0], $"{_kind} of {string.Join(", ", _ids)}: the failure of a load from before an invalidation: {string.Join(", ", failed.Rows)}.");
                return;
            default:
                Fail(_cells[0], $"{_kind} of {string.Join(", ", _ids)} threw {exception}");
                return;
        }
    }

    private void Fail(Cell cell, string what) => _report($"{what}{Environment.NewLine}{cell.History}");
}
