namespace Memoize.Keys;

/// <summary>Keys of this thread that a lookup has returned and another may rent: as many as a key is likely to have parts of the type.</summary>
/// <remarks>
/// More than one, because equality code that runs during a lookup may itself call a cached method. A <see cref="SpanKey{T}"/> links its spares
/// itself, which makes a hit a nanosecond shorter.
/// </remarks>
internal static class Spares<TKey>
    where TKey : class
{
    private const int MostKept = 4;

    [ThreadStatic]
    private static Shelf? shelf;

    public static TKey? Take()
    {
        if (shelf is not { Count: > 0 } own)
            return null;
        var key = own.Keys[--own.Count];
        own.Keys[own.Count] = null;
        return key;
    }

    public static void Give(TKey key)
    {
        var own = shelf ??= new Shelf();
        if (own.Count < MostKept)
            own.Keys[own.Count++] = key;
    }

    private sealed class Shelf
    {
        public readonly TKey?[] Keys = new TKey?[MostKept];
        public int Count;
    }
}
