namespace Memoize.Keys;

/// <summary>Elements without an order, each with its hash, sorted by it: equal content is compared in one walk over both.</summary>
internal readonly struct UnorderedItems<T>
{
    private readonly T[] items;
    private readonly int[] hashes;

    public UnorderedItems(T[] items, Func<T, int> hash)
    {
        this.items = items;
        this.hashes = Array.ConvertAll(items, item => hash(item));
        Array.Sort(this.hashes, this.items);

        var combined = items.Length;
        foreach (var h in this.hashes)
            combined = KeyPart.Combine(combined, h);
        this.Hash = combined;
    }

    public int Hash { get; }

    public ReadOnlySpan<T> Items => this.items;

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
            if (!SameRun(this.items.AsSpan(start, end - start), other.items.AsSpan(start, end - start), equal))
                return false;
            start = end;
        }

        return true;
    }

    // Equal hashes are almost always one element; more than one are matched in any order.
    private static bool SameRun(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Func<T, T, bool> equal)
    {
        if (a.Length == 1)
            return equal(a[0], b[0]);

        Span<bool> taken = a.Length <= 128 ? stackalloc bool[a.Length] : new bool[a.Length];
        foreach (var item in a)
        {
            var match = 0;
            while (match < b.Length && (taken[match] || !equal(item, b[match])))
                match++;
            if (match == b.Length)
                return false;
            taken[match] = true;
        }

        return true;
    }
}
