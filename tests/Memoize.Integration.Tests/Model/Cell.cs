using System.Globalization;

namespace Memoize.Integration.Tests.Model;

/// <summary>One cell of the <see cref="World"/>: what is true of it, what everybody has to know, and who is loading it.</summary>
/// <remarks>
/// An <em>act</em> is what may let a second load begin while another is running: an eviction, an update, a refresh, a caller who is
/// cancelled, a timeout. Where none was under way since the calls that have started two loads, these do not run at the same time.
/// </remarks>
public sealed class Cell(int number)
{
    private const int Remembered = 48;

    private readonly List<RunningLoad> _loads = [];
    private readonly string?[] _events = new string?[Remembered];
    private int _event;
    private long _truth;
    private long _settled;
    private long _actsBegun;
    private long _actsEnded;

    public int Number => number;

    /// <summary>The version that is true now.</summary>
    public long Truth => Volatile.Read(ref _truth);

    /// <summary>A version that no call which begins now may fall behind: its invalidation has returned.</summary>
    public long Settled => Volatile.Read(ref _settled);

    public long ActsEnded => Interlocked.Read(ref _actsEnded);

    public int Running
    {
        get
        {
            lock (_loads)
                return _loads.Count;
        }
    }

    /// <summary>What has happened to the cell lately, for those who have to find out why it was wrong.</summary>
    public string History
        => string.Join(Environment.NewLine, Enumerable.Range(Volatile.Read(ref _event), Remembered).Select(i => _events[i % Remembered]).Where(static text => text is not null));

    public Row Read() => new(number, Truth);

    /// <summary>Changes what is true; to be told to the caches and then <see cref="Settle"/>d.</summary>
    public long Change() => Interlocked.Increment(ref _truth);

    public void Settle(long version)
    {
        Note($"settled {version}");
        for (var seen = Settled; seen < version;)
            seen = Interlocked.CompareExchange(ref _settled, version, seen) is var now && now == seen ? version : now;
    }

    public void BeginAct(string what)
    {
        Note(what);
        Interlocked.Increment(ref _actsBegun);
    }

    public void EndAct() => Interlocked.Increment(ref _actsEnded);

    /// <summary>A load reads the cell until it is disposed.</summary>
    /// <exception cref="ViolationException">Another is running, and nothing has happened that allows for two.</exception>
    public IDisposable BeginLoad(Call call)
    {
        var load = new RunningLoad(this, call);
        lock (_loads)
        {
            Note($"load begins at {Truth}");
            var acts = Interlocked.Read(ref _actsBegun);
            foreach (var other in _loads)
            {
                if (other.Call.ActsOf(number) == acts && call.ActsOf(number) == acts)
                    call.Report($"Two loads of cell {number} at once, and nothing has happened to it since the calls that began them.{Environment.NewLine}{History}");
            }

            _loads.Add(load);
        }

        return load;
    }

    private void Note(string what)
        => _events[(uint)Interlocked.Increment(ref _event) % Remembered] = string.Create(CultureInfo.InvariantCulture, $"thread {Environment.CurrentManagedThreadId}: {what}");

    private sealed class RunningLoad(Cell cell, Call call) : IDisposable
    {
        public Call Call => call;

        public void Dispose()
        {
            lock (cell._loads)
            {
                cell._loads.Remove(this);
                cell.Note("load ends");
            }
        }
    }
}
