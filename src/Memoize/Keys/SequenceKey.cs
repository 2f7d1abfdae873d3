using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Memoize.Keys;

/// <summary>
/// The elements of an array, a list or another sequence as a field of a key, in their order; called by generated code. A lookup
/// <see cref="Rent(IEnumerable{T})">rents</see> a reusable one of its thread, so that a hit allocates nothing; what is stored is a copy, which
/// what happens to the original later does not reach.
/// </summary>
/// <typeparam name="T">The type of the elements, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>Immutable and thread-safe, but for a rented one: that belongs to the thread that rented it, until it is returned.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SequenceKey<T> : CollectionKey<SequenceKey<T>, T>, IEquatable<SequenceKey<T>>, ISharedPart
{
    private ItemBuffer<T> items = new();
    private int hash;
    private bool changeable;

    private SequenceKey()
    {
    }

    // Through an interface that cannot change it, one list is like another.
    private CollectionForm SeenAs => this.Form.IsList && !this.changeable ? new(CollectionKind.Elements) : this.Form;

    /// <summary>Whether, besides, all processes spell the collection alike: a set has a comparer that they would have to name.</summary>
    public bool CanShare => this.Form.IsList;

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static SequenceKey<T>? Of(IEnumerable<T>? items) => Rent(items)?.Read().Keep();

    /// <summary>The same for a parameter through which the collection can be changed: a list and an array differ in what they allow.</summary>
    public static SequenceKey<T>? OfChangeable(ICollection<T>? items) => RentChangeable(items)?.Read().Keep();

    /// <summary>
    /// A key for a lookup, which has looked at the type of the collection and not <see cref="Read">read</see> it yet; <see langword="null"/> for
    /// <see langword="null"/>. Pass it to <see cref="CollectionKey{TSelf, TItem}.Return"/> or <see cref="CollectionKey{TSelf, TItem}.Keep"/> after the lookup, on the same thread.
    /// </summary>
    public static SequenceKey<T>? Rent(IEnumerable<T>? items) => items is null ? null : Begin(items, changeable: false);

    /// <summary>The same for an immutable array that has been initialized.</summary>
    public static SequenceKey<T>? Rent(ImmutableArray<T> items) => Rent(ImmutableCollectionsMarshal.AsArray(items));

    /// <summary>The same for a parameter through which the collection can be changed.</summary>
    public static SequenceKey<T>? RentChangeable(ICollection<T>? items) => items is null ? null : Begin(items, changeable: true);

    /// <summary>Reads the elements, once; what cannot be copied is not looked at.</summary>
    /// <returns>This key.</returns>
    public SequenceKey<T> Read()
    {
        if (this.Form.IsKnown)
            this.items.Fill(this.Source!);
        var all = this.items.Items;
        var combined = all.Length;
        foreach (var item in all)
            combined = KeyPart.Combine(combined, KeyPart.Hash(item));
        this.hash = combined;
        return this;
    }

    /// <summary>A fresh collection of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied. An array of what could only be enumerated.</remarks>
    public IEnumerable<T> Copy() => this.Source ?? SequenceForms<T>.Copy(this.Form, this.items.Array);

    /// <summary>Whether both hold the same elements in the same order, and no method could tell one from the other.</summary>
    public bool Equals(SequenceKey<T>? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || this.hash != other.hash || !this.Form.IsKnown || this.SeenAs != other.SeenAs || this.items.Count != other.items.Count)
            return false;
        var own = this.items.Items;
        var others = other.items.Items;
        for (var i = 0; i < own.Length; i++)
        {
            if (!KeyPart.Equal(own[i], others[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SequenceKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.hash;

    /// <summary>The elements, readable, in brackets.</summary>
    public override string ToString() => KeyPart.TextOfAll(this.items.Items.ToArray(), '[', ']');

    private protected override SequenceKey<T> Copied() => new() { items = this.items.Kept(), hash = this.hash, changeable = this.changeable };

    private protected override void Release() => this.items.Release();

    private static SequenceKey<T> Begin(IEnumerable<T> items, bool changeable)
    {
        var key = Spares<SequenceKey<T>>.Take() ?? new();
        key.changeable = changeable;
        return key.Begin(items, SequenceForms<T>.Of(items));
    }

    void ISharedPart.AppendShared(StringBuilder text)
    {
        // No other process finds what could not be told apart from here: such calls go past the cache, but handles may name them.
        if (!this.Form.IsList)
            text.Append(Guid.NewGuid());
        else if (this.SeenAs.Kind is not (CollectionKind.Elements or CollectionKind.List))
            text.Append(this.SeenAs.Kind);

        text.Append('[');
        var all = this.items.Items;
        for (var i = 0; i < all.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            KeyPart.AppendShared(text, all[i]);
        }

        text.Append(']');
    }
}
