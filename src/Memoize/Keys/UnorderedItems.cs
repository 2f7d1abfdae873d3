namespace Memoize.Keys;

/// <summary>
/// Elements without an order, each with its hash, and the way through them by the hashes: equal content is compared in one walk over
/// both. They stay in the order in which they came, which is that of the copy that a method gets.
/// </summary>
internal readonly struct UnorderedItems<T>
{
    private readonly T[] items;
    private readonly int[] hashes;
    private readonly int[] places;

    public UnorderedItems(T[] items, Func<T, int> hash)
    {
        this.items = items;
        this.hashes = Array.ConvertAll(items, item => hash(item));
        this.places = new int[items.Length];
        for (var i = 0; i < this.places.Length; i++)
            this.places[i] = i;
        Array.Sort(this.hashes, this.places);

        var combined = items.Length;
        foreach (var h in this.hashes)
            combined = KeyPart.Combine(combined, h);
        this.Hash = combined;
    }

    public int Hash { get; }

    /// <summary>In the order in which they came; not to be changed.</summary>
    public T[] Items => this.items;

    /// <summary>Whether both hold the same elements, each as often as the other.</summary>
    public bool SameAs(in UnorderedItems<T> other, Func<T, T, bool> equal)
    {
        if (this.Hash != other.Hash || !this.hashes.AsSpan().SequenceEqual(other.hashes))
            return false;
        for (var start = 0; start < this.items.Length;)
        {
            var end = start + 1;
            while (end < this.items.Length && this.hashes[end] == this.hashes[start])
                end++;
            if (!this.SameRun(other, start, end - start, equal))
                return false;
            start = end;
        }

        return true;
    }

    // Equal hashes are almost always one element; more than one are matched in any order.
    private bool SameRun(in UnorderedItems<T> other, int start, int length, Func<T, T, bool> equal)
    {
        if (length == 1)
            return equal(this.items[this.places[start]], other.items[other.places[start]]);

        Span<bool> taken = length <= 128 ? stackalloc bool[length] : new bool[length];
        foreach (var place in this.places.AsSpan(start, length))
        {
            var match = 0;
            while (match < length && (taken[match] || !equal(this.items[place], other.items[other.places[start + match]])))
                match++;
            if (match == length)
                return false;
            taken[match] = true;
        }

        return true;
    }
}
