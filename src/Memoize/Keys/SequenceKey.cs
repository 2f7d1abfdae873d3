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
public sealed class SequenceKey<T> : IEquatable<SequenceKey<T>>, ISharedPart
{
    private ItemBuffer<T> items = new();
    private int hash;
    private CollectionForm form;
    private bool changeable;
    private IEnumerable<T>? source;

    private SequenceKey()
    {
    }

    // Through an interface that cannot change it, one list is like another.
    private CollectionForm SeenAs => this.form.IsList && !this.changeable ? new(CollectionKind.Elements) : this.form;

    /// <summary>Whether a copy of the collection behaves as the collection does: if its type is known.</summary>
    public bool CanCopy => this.form.IsKnown;

    /// <summary>Whether, besides, all processes spell the collection alike: a set has a comparer that they would have to name.</summary>
    public bool CanShare => this.form.IsList;

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static SequenceKey<T>? Of(IEnumerable<T>? items) => Rent(items)?.Read().Keep();

    /// <summary>The same for a parameter through which the collection can be changed: a list and an array differ in what they allow.</summary>
    public static SequenceKey<T>? OfChangeable(ICollection<T>? items) => RentChangeable(items)?.Read().Keep();

    /// <summary>
    /// A key for a lookup, which has looked at the type of the collection and not <see cref="Read">read</see> it yet; <see langword="null"/> for
    /// <see langword="null"/>. Pass it to <see cref="Return"/> or <see cref="Keep"/> after the lookup, on the same thread.
    /// </summary>
    public static SequenceKey<T>? Rent(IEnumerable<T>? items) => items is null ? null : Begin(Spares<SequenceKey<T>>.Take() ?? new(), items, changeable: false);

    /// <summary>The same for an immutable array that has been initialized.</summary>
    public static SequenceKey<T>? Rent(ImmutableArray<T> items) => Rent(ImmutableCollectionsMarshal.AsArray(items));

    /// <summary>The same for a parameter through which the collection can be changed.</summary>
    public static SequenceKey<T>? RentChangeable(ICollection<T>? items) => items is null ? null : Begin(Spares<SequenceKey<T>>.Take() ?? new(), items, changeable: true);

    /// <summary>Reads the elements, once; what cannot be copied is not looked at.</summary>
    /// <returns>This key.</returns>
    public SequenceKey<T> Read()
    {
        if (this.form.IsKnown)
            this.items.Fill(this.source!);
        var all = this.items.Items;
        var combined = all.Length;
        foreach (var item in all)
            combined = KeyPart.Combine(combined, KeyPart.Hash(item));
        this.hash = combined;
        return this;
    }

    /// <summary>A key that may be stored, with copies of the elements; this one is returned.</summary>
    public SequenceKey<T> Keep()
    {
        var kept = this.Kept();
        this.Return();
        return kept;
    }

    /// <summary>Gives back a key that was rented.</summary>
    public void Return()
    {
        this.items.Release();
        this.source = null;
        this.form = CollectionForm.Unknown;
        Spares<SequenceKey<T>>.Give(this);
    }

    /// <summary>A fresh collection of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied. An array of what could only be enumerated.</remarks>
    public IEnumerable<T> Copy() => this.source ?? SequenceForms<T>.Copy(this.form, this.items.Array);

    /// <summary>Whether both hold the same elements in the same order, and no method could tell one from the other.</summary>
    public bool Equals(SequenceKey<T>? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || this.hash != other.hash || !this.form.IsKnown || this.SeenAs != other.SeenAs || this.items.Count != other.items.Count)
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

    private static SequenceKey<T> Begin(SequenceKey<T> key, IEnumerable<T> items, bool changeable)
    {
        key.form = SequenceForms<T>.Of(items);
        key.changeable = changeable;
        key.source = items;
        return key;
    }

    private SequenceKey<T> Kept() => new()
    {
        items = this.items.Kept(),
        hash = this.hash,
        form = this.form,
        changeable = this.changeable,
        source = this.form.IsOwn ? this.source : null,
    };

    void ISharedPart.AppendShared(StringBuilder text)
    {
        // No other process finds what could not be told apart from here: such calls go past the cache, but handles may name them.
        if (!this.form.IsList)
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
