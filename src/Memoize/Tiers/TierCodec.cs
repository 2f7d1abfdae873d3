using System.ComponentModel;

namespace Memoize.Tiers;

/// <summary>What a cached method needs to share its results with other processes: how it spells a key, and what shape its results have. For generated code.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <param name="shape">A number for the shape of the result, computed at compile time: another one for results that could be read wrongly.</param>
/// <param name="text">The key as every process spells it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TierCodec<TKey>(ulong shape, Func<TKey, string> text)
{
    internal ulong Shape => shape;

    internal string TextOf(TKey key) => text(key);
}
