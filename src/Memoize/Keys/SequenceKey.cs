using System.ComponentModel;
using System.Text;

namespace Memoize.Keys;

/// <summary>
/// The elements of an array, a list or another sequence as a field of a key, in their order; called by generated code. It holds a
/// copy: what happens to the original later does not reach it. Immutable and thread-safe.
/// </summary>
/// <typeparam name="T">The type of the elements, which are compared as <see cref="KeyPart"/> does.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SequenceKey<T> : IEquatable<SequenceKey<T>>, ISharedPart
{
    private readonly T[] items;
    private readonly int hash;
    private readonly CollectionForm form;

    private readonly bool changeable;
    private readonly IEnumerable<T>? own;

    private SequenceKey(IEnumerable<T> items, bool changeable)
    {
        this.form = SequenceForms<T>.Of(items);
        this.changeable = changeable;
        if (this.form.IsOwn)
            this.own = items;
        this.items = this.form.IsKnown ? items.ToArray() : [];
        var combined = this.items.Length;
        foreach (var item in this.items)
            combined = KeyPart.Combine(combined, KeyPart.Hash(item));
        this.hash = combined;
    }

    // Through an interface that cannot change it, one list is like another.
    private CollectionForm SeenAs => this.form.IsList && !this.changeable ? new(CollectionKind.Elements) : this.form;

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static SequenceKey<T>? Of(IEnumerable<T>? items) => items is null ? null : new SequenceKey<T>(items, changeable: false);

    /// <summary>The same for a parameter through which the collection can be changed: a list and an array differ in what they allow.</summary>
    public static SequenceKey<T>? OfChangeable(ICollection<T>? items) => items is null ? null : new SequenceKey<T>(items, changeable: true);

    /// <summary>Whether a copy of the collection behaves as the collection does: if its type is known.</summary>
    public static bool CanCopy(IEnumerable<T>? items) => items is null || SequenceForms<T>.Of(items).IsKnown;

    /// <summary>Whether, besides, all processes spell the collection alike: a set has a comparer that they would have to name.</summary>
    public static bool CanShare(IEnumerable<T>? items) => items is null || SequenceForms<T>.Of(items).IsList;

    /// <summary>A fresh collection of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied. An array of what could only be enumerated.</remarks>
    public IEnumerable<T> Copy() => this.own ?? SequenceForms<T>.Copy(this.form, this.items);

    /// <summary>Whether both hold the same elements in the same order, and no method could tell one from the other.</summary>
    public bool Equals(SequenceKey<T>? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || this.hash != other.hash || !this.form.IsKnown || this.SeenAs != other.SeenAs || this.items.Length != other.items.Length)
            return false;
        for (var i = 0; i < this.items.Length; i++)
        {
            if (!KeyPart.Equal(this.items[i], other.items[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SequenceKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.hash;

    /// <summary>The elements, readable, in brackets.</summary>
    public override string ToString() => KeyPart.TextOfAll(this.items, '[', ']');

    void ISharedPart.AppendShared(StringBuilder text)
    {
        // No other process finds what could not be told apart from here: such calls go past the cache, but handles may name them.
        if (!this.form.IsList)
            text.Append(Guid.NewGuid());
        else if (this.SeenAs.Kind is not (CollectionKind.Elements or CollectionKind.List))
            text.Append(this.SeenAs.Kind);

        text.Append('[');
        for (var i = 0; i < this.items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            KeyPart.AppendShared(text, this.items[i]);
        }

        text.Append(']');
    }
}
