namespace Memoize;

/// <summary>
/// A part of a key by which entries are evicted: a value, or, as the default, anything. A value of <typeparamref name="T"/> converts to
/// it, so that calls just name what they mean: <c>EvictWhere(userId: 7)</c>.
/// </summary>
/// <typeparam name="T">The type of the part.</typeparam>
public readonly struct Match<T>
{
    private Match(T value)
    {
        Value = value;
        IsGiven = true;
    }

    /// <summary>Whether there is a value; if not, anything will do.</summary>
    internal bool IsGiven { get; }

    internal T Value { get; }

    /// <summary>Entries with exactly this value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The part.</returns>
    public static implicit operator Match<T>(T value) => new(value);
}
