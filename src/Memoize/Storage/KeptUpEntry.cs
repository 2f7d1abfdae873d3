namespace Memoize.Storage;

/// <summary>An entry that lives on while it is read, and so does what others keep for it.</summary>
/// <remarks>
/// It has the key that it is stored under. The one of a lookup may be rented, and somebody else's by the time that the others look at it.
/// </remarks>
internal sealed class KeptUpEntry<TKey, TValue>(TValue value, long idle, long limit, long stored, long weight, TKey key, IKeepUp<TKey> others)
    : CappedEntry<TValue>(value, idle, limit, stored)
{
    public override long Weight => weight;

    protected override void GoesOn() => others.KeepUp(key);
}

/// <summary>The same with more than one end.</summary>
/// <inheritdoc cref="KeptUpEntry{TKey, TValue}" path="/remarks"/>
internal sealed class KeptUpSoftEntry<TKey, TValue>(
    TValue value, long idle, long fresh, Stages stages, long stored, long weight, TKey key, IKeepUp<TKey> others)
    : SoftEntry<TValue>(value, idle, fresh, stages, stored)
{
    public override long Weight => weight;

    protected override void GoesOn() => others.KeepUp(key);
}
