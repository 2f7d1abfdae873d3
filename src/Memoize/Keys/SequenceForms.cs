using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Memoize.Keys;

/// <summary>Sequences that can be copied so that a method cannot tell the copy from the original.</summary>
/// <remarks>
/// Types are compared exactly: a derived type may do everything otherwise. What a type shows beyond the interfaces of collections is
/// not looked at.
/// </remarks>
internal static class SequenceForms<T>
{
    // Protected in the base class, so that whoever derives from it can see what is wrapped.
    private static readonly Func<ReadOnlyCollection<T>, IList<T>>? WrappedInReadOnly = Getter(typeof(ReadOnlyCollection<T>).GetProperty("Items", BindingFlags.Instance | BindingFlags.NonPublic))
        ?.CreateDelegate<Func<ReadOnlyCollection<T>, IList<T>>>();

    private static readonly Func<Collection<T>, IList<T>>? WrappedInCollection = Getter(typeof(Collection<T>).GetProperty("Items", BindingFlags.Instance | BindingFlags.NonPublic))
        ?.CreateDelegate<Func<Collection<T>, IList<T>>>();

    public static CollectionForm Of(IEnumerable<T> items)
    {
        var type = items.GetType();
        if (type == typeof(List<T>))
            return new(CollectionKind.List);
        if (type == typeof(T[]))
            return new(CollectionKind.Array);
        if (items is ImmutableList<T> or ImmutableArray<T> { IsDefault: false })
            return new(CollectionKind.ImmutableList);
        if (type == typeof(ReadOnlyCollection<T>))
            return new(WrappedInReadOnly?.Invoke((ReadOnlyCollection<T>)items) is { } wrapped && Of(wrapped) is { IsList: true } ? CollectionKind.ReadOnlyList : CollectionKind.Unknown);
        if (type == typeof(Collection<T>))
            return new(WrappedInCollection?.Invoke((Collection<T>)items)?.GetType() == typeof(List<T>) ? CollectionKind.Collection : CollectionKind.Unknown);
        if (type == typeof(ObservableCollection<T>))
            return new(CollectionKind.ObservableCollection);
        if (type == typeof(LinkedList<T>))
            return new(CollectionKind.LinkedList);
        if (items is ArraySegment<T> segment)
            return new(segment.Array is null ? CollectionKind.Unknown : CollectionKind.ArraySegment);
        if (SetForms<T>.Of(items) is { IsKnown: true } set)
            return set;
        if (items is not (ICollection<T> or IReadOnlySet<T> or IImmutableList<T>))
            return new(CollectionKind.Elements);
        return IsReadOnlyList(type) ? new(CollectionKind.ReadOnlyList) : CollectionForm.Unknown;
    }

    public static IEnumerable<T> Copy(CollectionForm form, T[] items) => form.Kind switch
    {
        CollectionKind.List => new List<T>(items),
        CollectionKind.ReadOnlyList => new ReadOnlyCollection<T>((T[])items.Clone()),
        CollectionKind.Collection => new Collection<T>(new List<T>(items)),
        CollectionKind.ObservableCollection => new ObservableCollection<T>(items),
        CollectionKind.LinkedList => new LinkedList<T>(items),
        CollectionKind.ArraySegment => new ArraySegment<T>((T[])items.Clone()),
        CollectionKind.HashSet or CollectionKind.SortedSet => SetForms<T>.Copy(form, items),
        _ => (T[])items.Clone(),
    };

    // What a collection expression makes for a read-only interface, what LINQ makes, and the values of a dictionary.
    private static bool IsReadOnlyList(Type type)
        => type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal)
           || type.Assembly == typeof(Enumerable).Assembly
           || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
               && (definition == typeof(Dictionary<,>.ValueCollection) || definition == typeof(SortedDictionary<,>.ValueCollection)));

    private static MethodInfo? Getter(PropertyInfo? property) => property?.GetGetMethod(nonPublic: true);
}
