namespace Memoize.Integration.Tests.Model;

/// <summary>What a load has read: a version of a cell of the <see cref="World"/>.</summary>
public sealed class Row(int cell, long version, Call? cancelled = null)
{
    private long _seenBy = long.MaxValue;

    public int Cell => cell;

    public long Version => version;

    /// <summary>
    /// The call that has started the load, if that was cancelled: nobody else may ever get it, and that call only where it is off, and
    /// the original runs with the caller's own token.
    /// </summary>
    public Call? Cancelled => cancelled;

    /// <summary>A moment at which somebody had been given it, so that its lifetime had begun.</summary>
    public long SeenBy => Volatile.Read(ref _seenBy);

    public void WasSeen(long now) => Interlocked.CompareExchange(ref _seenBy, now, long.MaxValue);

    public override string ToString() => $"version {version} of cell {cell}{(cancelled is not null ? ", from a cancelled load" : "")}";
}

/// <summary>A load has failed, after it had read these.</summary>
public sealed class LoadFailedException(params Row[] rows) : Exception("The load was told to fail.")
{
    public IReadOnlyList<Row> Rows => rows;
}

/// <summary>The caches have done what they never may.</summary>
public sealed class ViolationException(string message, Exception? inner = null) : Exception(message, inner);
