using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Memoize.Keys;

/// <summary>Dictionaries that can be copied so that a method cannot tell the copy from the original.</summary>
/// <remarks>Types are compared exactly: a derived type may do everything otherwise.</remarks>
internal static class MapForms<TKey, TValue>
    where TKey : notnull
{
    // Protected in the base class, so that whoever derives from it can see what is wrapped.
    private static readonly Func<ReadOnlyDictionary<TKey, TValue>, IDictionary<TKey, TValue>>? InWrapper =
        typeof(ReadOnlyDictionary<TKey, TValue>).GetProperty("Dictionary", BindingFlags.Instance | BindingFlags.NonPublic)
            ?.GetGetMethod(nonPublic: true)?.CreateDelegate<Func<ReadOnlyDictionary<TKey, TValue>, IDictionary<TKey, TValue>>>();

    public static CollectionForm Of(IEnumerable<KeyValuePair<TKey, TValue>> items)
    {
        var type = items.GetType();
        if (type == typeof(Dictionary<TKey, TValue>))
            return new(CollectionKind.Dictionary, ((Dictionary<TKey, TValue>)items).Comparer);
        if (type == typeof(SortedDictionary<TKey, TValue>))
            return new(CollectionKind.SortedDictionary, ((SortedDictionary<TKey, TValue>)items).Comparer);
        if (type == typeof(SortedList<TKey, TValue>))
            return new(CollectionKind.SortedList, ((SortedList<TKey, TValue>)items).Comparer);
        if (type == typeof(ReadOnlyDictionary<TKey, TValue>))
            return InWrapper?.Invoke((ReadOnlyDictionary<TKey, TValue>)items) is { } wrapped ? Of(wrapped).Wrapped() : CollectionForm.Unknown;
        return items switch
        {
            FrozenDictionary<TKey, TValue> x => new(CollectionKind.FrozenDictionary, x.Comparer),
            ImmutableDictionary<TKey, TValue> x => new(CollectionKind.ImmutableDictionary, x.KeyComparer) { ValueComparer = x.ValueComparer },
            ImmutableSortedDictionary<TKey, TValue> x => new(CollectionKind.ImmutableSortedDictionary, x.KeyComparer) { ValueComparer = x.ValueComparer },
            _ => CollectionForm.Unknown,
        };
    }

    public static IEnumerable<KeyValuePair<TKey, TValue>> Copy(CollectionForm form, KeyValuePair<TKey, TValue>[] items)
    {
        // Added one after the other to a fresh dictionary, they are enumerated in that order.
        IDictionary<TKey, TValue> map = form.Kind switch
        {
            CollectionKind.SortedDictionary => new SortedDictionary<TKey, TValue>((IComparer<TKey>?)form.Comparer),
            CollectionKind.SortedList => new SortedList<TKey, TValue>(items.Length, (IComparer<TKey>?)form.Comparer),
            _ => new Dictionary<TKey, TValue>(items.Length, (IEqualityComparer<TKey>?)form.Comparer),
        };
        foreach (var (key, value) in items)
            map[key] = value;
        return form.IsWrapped ? new ReadOnlyDictionary<TKey, TValue>(map) : map;
    }
}
