namespace Memoize.Keys;

/// <summary>
/// Elements without an order, each with its hash, and the way through them by the hashes: equal content is compared in one walk over
/// both. They stay in the order in which they came, which is that of the copy that a method gets.
/// </summary>
internal sealed class UnorderedItems<T>(Func<T, int> hash)
{
    private ItemBuffer<T> items = new();
    private ItemBuffer<int> hashes = new();
    private ItemBuffer<int> places = new();

    public int Hash { get; private set; }

    /// <summary>In the order in which they came; not to be changed.</summary>
    public T[] Items => this.items.Array;

    /// <summary>Reads the collection, once.</summary>
    public void Fill(IEnumerable<T> source)
    {
        this.items.Fill(source);
        var all = this.items.Items;
        var own = this.hashes.Room(all.Length);
        var order = this.places.Room(all.Length);
        for (var i = 0; i < all.Length; i++)
            (own[i], order[i]) = (hash(all[i]), i);
        own.Sort(order);

        var combined = all.Length;
        foreach (var h in own)
            combined = KeyPart.Combine(combined, h);
        this.Hash = combined;
    }

    /// <summary>The same elements in arrays of their own.</summary>
    public UnorderedItems<T> Kept() => new(hash) { items = this.items.Kept(), hashes = this.hashes.Kept(), places = this.places.Kept(), Hash = this.Hash };

    /// <summary>Forgets the elements; the room for them may be used again.</summary>
    public void Release()
    {
        this.items.Release();
        this.hashes.Release();
        this.places.Release();
    }

    /// <summary>Whether both hold the same elements, each as often as the other.</summary>
    public bool SameAs(UnorderedItems<T> other, Func<T, T, bool> equal)
    {
        var own = this.hashes.Items;
        var others = other.hashes.Items;
        if (this.Hash != other.Hash || !own.SequenceEqual(others))
            return false;
        for (var start = 0; start < own.Length;)
        {
            var end = start + 1;
            while (end < own.Length && own[end] == own[start])
                end++;
            if (!this.SameRun(other, start, end - start, equal))
                return false;
            start = end;
        }

        return true;
    }

    // Equal hashes are almost always one element; more than one are matched in any order.
    private bool SameRun(UnorderedItems<T> other, int start, int length, Func<T, T, bool> equal)
    {
        var own = this.items.Items;
        var others = other.items.Items;
        var theirs = other.places.Items.Slice(start, length);
        if (length == 1)
            return equal(own[this.places.Items[start]], others[theirs[0]]);

        Span<bool> taken = length <= 128 ? stackalloc bool[length] : new bool[length];
        foreach (var place in this.places.Items.Slice(start, length))
        {
            var match = 0;
            while (match < length && (taken[match] || !equal(own[place], others[theirs[match]])))
                match++;
            if (match == length)
                return false;
            taken[match] = true;
        }

        return true;
    }
}
