using Microsoft.Extensions.Time.Testing;

namespace Memoize.Integration.Tests.Model;

/// <summary>
/// What the cached methods read: cells, one for each method and id, with a version each that only grows. It knows which version everybody
/// has to see, and which loads may run at the same time.
/// </summary>
public sealed class World
{
    public const int Ids = 16;
    public const int Groups = 4;

    private static readonly int _kinds = Enum.GetValues<Kind>().Length;

    private readonly Cell[] _cells = [.. Enumerable.Range(0, _kinds * Ids).Select(number => new Cell(number))];

    public FakeTimeProvider Time { get; } = new();

    public long Now => Time.GetTimestamp() / TimeSpan.TicksPerMillisecond;

    /// <summary>Loads that are running.</summary>
    public int Running => _cells.Sum(static cell => cell.Running);

    internal Cell this[Kind kind, int id] => _cells[((int)kind * Ids) + id];

    internal Cell this[int number] => _cells[number];

    public Row Load(Kind kind, int id, Call call, CancellationToken token)
    {
        using var load = this[kind, id].BeginLoad(call);
        var row = this[kind, id].Read();
        if (call.Lingers)
            Thread.Yield();
        return End(call, [row], token)[0];
    }

    public async Task<Row> LoadAsync(Kind kind, int id, Call call, CancellationToken token)
    {
        using var load = this[kind, id].BeginLoad(call);
        var row = this[kind, id].Read();
        if (call.Lingers)
            await Task.Yield();
        return End(call, [row], token)[0];
    }

    public Row[] LoadMany(Kind kind, IReadOnlyCollection<int> ids, Call call, CancellationToken token)
    {
        var loads = BeginAll(kind, ids, call);
        try
        {
            Row[] rows = [.. ids.Select(id => this[kind, id].Read())];
            if (call.Lingers)
                Thread.Yield();
            return End(call, rows, token);
        }
        finally
        {
            Array.ForEach(loads, static load => load.Dispose());
        }
    }

    /// <summary>The same, and the last id is not found if the call says so.</summary>
    public async Task<IReadOnlyDictionary<int, Row>> LoadManyAsync(Kind kind, IReadOnlyCollection<int> ids, Call call, CancellationToken token)
    {
        var loads = BeginAll(kind, ids, call);
        try
        {
            Row[] rows = [.. ids.Select(id => this[kind, id].Read())];
            if (call.Lingers)
                await Task.Yield();
            rows = End(call, rows, token);
            return ids.Zip(rows).SkipLast(call.Omits ? 1 : 0).ToDictionary(static pair => pair.First, static pair => pair.Second);
        }
        finally
        {
            Array.ForEach(loads, static load => load.Dispose());
        }
    }

    private IDisposable[] BeginAll(Kind kind, IReadOnlyCollection<int> ids, Call call)
        => [.. ids.Select(id => this[kind, id].BeginLoad(call))];

    private static Row[] End(Call call, Row[] rows, CancellationToken token)
    {
        if (call.Fails)
            throw new LoadFailedException(rows);
        return token.IsCancellationRequested ? [.. rows.Select(row => new Row(row.Cell, row.Version, call))] : rows;
    }
}
