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

    /// <summary>Those of a generic method, or nothing.</summary>
    internal string TypeArguments { get; private init; } = "";

    /// <summary>The same for one combination of type arguments.</summary>
    /// <param name="shape">A number for the shape of the result.</param>
    /// <param name="text">The key as every process spells it.</param>
    /// <param name="arguments">The type arguments.</param>
    /// <returns>Null, so that nothing is shared, if one of the types has no name that lasts, as an anonymous one.</returns>
    public static TierCodec<TKey>? For(ulong shape, Func<TKey, string> text, params Type[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var names = Array.ConvertAll(arguments, SharedTypes.NameOf);
        return Array.Exists(names, static name => name is null) ? null : new(shape, text) { TypeArguments = $"<{string.Join(",", names)}>" };
    }

    internal string TextOf(TKey key) => text(key);
}
