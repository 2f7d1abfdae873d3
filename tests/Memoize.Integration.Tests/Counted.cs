namespace Memoize.Integration.Tests;

/// <summary>Counts how often originals run: what is equal but was computed twice is not cached.</summary>
public sealed class Counted
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public T Ran<T>(T value)
    {
        Interlocked.Increment(ref _runs);
        return value;
    }
}
