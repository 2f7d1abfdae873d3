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

    private SequenceKey(T[] items)
    {
        this.items = items;
        var combined = items.Length;
        foreach (var item in items)
            combined = KeyPart.Combine(combined, KeyPart.Hash(item));
        this.hash = combined;
    }

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>.</summary>
    public static SequenceKey<T>? Of(IEnumerable<T>? items) => items is null ? null : new SequenceKey<T>(items.ToArray());

    /// <summary>A fresh array with the elements, for the method that is called.</summary>
    public T[] ToArray() => (T[])this.items.Clone();

    /// <summary>A fresh list with the elements, for the method that is called.</summary>
    public List<T> ToList() => [.. this.items];

    /// <summary>Whether both hold the same elements in the same order.</summary>
    public bool Equals(SequenceKey<T>? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || this.hash != other.hash || this.items.Length != other.items.Length)
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
