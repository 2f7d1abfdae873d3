using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memoize.Keys;

/// <summary>
/// Elements of a collection: in room that lookups use again, or in an array of their own that stays as it is. Of what can be copied
/// at once nothing is allocated but the room, and that only when it has to grow.
/// </summary>
internal struct ItemBuffer<T>
{
    // Nothing beyond 64 KB is held on to by a thread; what needs more rents it from the pool of all.
    private static readonly int LargestKept = Math.Max(16, 64 * 1024 / Unsafe.SizeOf<T>());

    private T[] room = [];
    private int count;

    public ItemBuffer()
    {
    }

    public readonly int Count => this.count;

    public readonly ReadOnlySpan<T> Items => new(this.room, 0, this.count);

    /// <summary>As an array, which is not to be changed.</summary>
    public readonly T[] Array => this.room.Length == this.count ? this.room : this.Items.ToArray();

    /// <summary>Reads the collection, once.</summary>
    public void Fill(IEnumerable<T> source)
    {
        if (source.GetType() == typeof(T[]))
        {
            this.Fill(new ReadOnlySpan<T>((T[])source));
        }
        else if (source.GetType() == typeof(List<T>))
        {
            this.Fill(CollectionsMarshal.AsSpan((List<T>)source));
        }
        else if (source is ICollection<T> collection)
        {
            var length = collection.Count;
            this.Reserve(length);
            collection.CopyTo(this.room, 0);
            this.count = length;
        }
        else
        {
            this.count = 0;
            foreach (var item in source)
            {
                if (this.count == this.room.Length)
                    this.Reserve(Math.Max(16, this.count * 2));
                this.room[this.count++] = item;
            }
        }
    }

    public void Fill(ReadOnlySpan<T> items)
    {
        this.Reserve(items.Length);
        items.CopyTo(this.room);
        this.count = items.Length;
    }

    /// <summary>Room for so many, to be written to.</summary>
    public Span<T> Room(int length)
    {
        this.Reserve(length);
        this.count = length;
        return new Span<T>(this.room, 0, length);
    }

    /// <summary>The same elements in an array of their own.</summary>
    public readonly ItemBuffer<T> Kept() => new() { room = this.Items.ToArray(), count = this.count };

    /// <summary>Forgets the elements, and gives back what is too much to hold on to.</summary>
    public void Release()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            System.Array.Clear(this.room, 0, this.count);
        this.count = 0;
        if (this.room.Length > LargestKept)
        {
            ArrayPool<T>.Shared.Return(this.room);
            this.room = [];
        }
    }

    private void Reserve(int length)
    {
        if (this.room.Length >= length)
            return;
        var larger = length > LargestKept ? ArrayPool<T>.Shared.Rent(length) : new T[Math.Max(length, 16)];
        var filled = this.count;
        this.Items.CopyTo(larger);
        this.Release();
        this.room = larger;
        this.count = filled;
    }
}
