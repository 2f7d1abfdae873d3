using System.Collections.Frozen;
using System.Collections.Immutable;
#if NET9_0_OR_GREATER
using System.Collections.ObjectModel;
using System.Reflection;
#endif

namespace Memoize.Keys;

/// <summary>Sets that can be copied so that a method cannot tell the copy from the original.</summary>
/// <remarks>Types are compared exactly: a derived type may do everything otherwise.</remarks>
internal static class SetForms<T>
{
#if NET9_0_OR_GREATER
    // Protected in the base class, so that whoever derives from it can see what is wrapped.
    private static readonly Func<ReadOnlySet<T>, ISet<T>>? InWrapper = typeof(ReadOnlySet<T>).GetProperty("Set", BindingFlags.Instance | BindingFlags.NonPublic)
        ?.GetGetMethod(nonPublic: true)?.CreateDelegate<Func<ReadOnlySet<T>, ISet<T>>>();
#endif

    public static CollectionForm Of(IEnumerable<T> items)
    {
        var type = items.GetType();
        if (type == typeof(HashSet<T>))
            return new(CollectionKind.HashSet, ((HashSet<T>)items).Comparer);
        if (type == typeof(SortedSet<T>))
            return new(CollectionKind.SortedSet, ((SortedSet<T>)items).Comparer);
#if NET9_0_OR_GREATER
        if (type == typeof(ReadOnlySet<T>))
            return InWrapper?.Invoke((ReadOnlySet<T>)items) is { } wrapped ? Of(wrapped).Wrapped() : CollectionForm.Unknown;
#endif
        return items switch
        {
            FrozenSet<T> x => new(CollectionKind.FrozenSet, x.Comparer),
            ImmutableHashSet<T> x => new(CollectionKind.ImmutableHashSet, x.KeyComparer),
            ImmutableSortedSet<T> x => new(CollectionKind.ImmutableSortedSet, x.KeyComparer),
            _ => CollectionForm.Unknown,
        };
    }

    public static IEnumerable<T> Copy(CollectionForm form, T[] items)
    {
        ISet<T> set;
        if (form.Kind == CollectionKind.SortedSet)
        {
            set = new SortedSet<T>(items, (IComparer<T>?)form.Comparer);
        }
        else
        {
            // Added one after the other to a fresh set, they are enumerated in that order.
            set = new HashSet<T>(items.Length, (IEqualityComparer<T>?)form.Comparer);
            foreach (var item in items)
                set.Add(item);
        }

#if NET9_0_OR_GREATER
        if (form.IsWrapped)
            return new ReadOnlySet<T>(set);
#endif
        return set;
    }
}
