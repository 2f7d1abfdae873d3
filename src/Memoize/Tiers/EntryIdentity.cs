using System.Globalization;
using System.Runtime.CompilerServices;
using Memoize.Keys;

namespace Memoize.Tiers;

/// <summary>
/// Whose entries they are that a method has in the tiers. Those of a plain method are the method's; behind a decorator they belong to one
/// registration, which other processes have too if they register the same class under the same key.
/// </summary>
/// <param name="Text">What stands behind the name of the method; nothing for a plain method.</param>
/// <param name="IsAlone">Whether no other registration of the interface is in the container, so that entries need no place of their own.</param>
/// <param name="WhyNot">Why nothing is shared, as the end of a sentence; null where it is.</param>
internal sealed record EntryIdentity(string Text, bool IsAlone, string? WhyNot = null)
{
    /// <summary>A method that has one cache in the process.</summary>
    internal static readonly EntryIdentity OfMethod = new("", IsAlone: true);

    /// <summary>A decorator that nobody has registered.</summary>
    internal static readonly EntryIdentity Constructed = NotShared("it was constructed, and not registered");

    private static readonly ConditionalWeakTable<object, EntryIdentity> Owners = new();

    internal bool IsShared => WhyNot is null;

    internal static EntryIdentity NotShared(string why) => new("", IsAlone: false, why);

    /// <summary>Says whose caches an owner stands for, before a decorator uses them.</summary>
    internal static void Name(object owner, EntryIdentity identity) => Owners.AddOrUpdate(owner, identity);

    internal static EntryIdentity? OfOwner(object owner) => Owners.TryGetValue(owner, out var identity) ? identity : null;

    /// <summary>The identity of a registration.</summary>
    /// <param name="implementation">The class that is decorated.</param>
    /// <param name="key">The key under which it is registered; null for none.</param>
    /// <param name="isAlone">Whether there is no other registration of the interface.</param>
    internal static EntryIdentity Of(Type implementation, object? key, bool isAlone)
    {
        if (SharedTypes.NameOf(implementation) is not { } name)
            return NotShared($"the class {implementation.Name} has no name that lasts");
        if (key is null)
            return new($"[{name}]", isAlone);
        return TextOf(key) is { } text ? new($"[{name},{text}]", IsAlone: false) : NotShared($"its key, a {key.GetType().Name}, has no text that lasts");
    }

    private static string? TextOf(object key) => key switch
    {
        string text => KeyPart.Shared(text),
        Type type => SharedTypes.NameOf(type),
        Enum value => SharedTypes.NameOf(value.GetType()) is { } type ? type + " " + Number(Convert.ChangeType(value, value.GetTypeCode(), CultureInfo.InvariantCulture)) : null,
        bool or char => key.GetType().FullName + " " + (key is bool ? key.ToString() : ((int)(char)key).ToString(CultureInfo.InvariantCulture)),
        byte or sbyte or short or ushort or int or uint or long or ulong or Guid => key.GetType().FullName + " " + Number(key),
        _ => null,
    };

    private static string Number(object value) => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
}
