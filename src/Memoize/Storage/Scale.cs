namespace Memoize.Storage;

/// <summary>
/// The sum of what the entries of a store weigh, and its bound. Used under the store's gate, but for <see cref="Total"/>, which anyone
/// may read.
/// </summary>
/// <remarks>
/// The order in which an engine evicts is good only where the engine is full: its queues are parts of the number that it is made for. So
/// the scale also knows how many entries seem to fit, and the store makes a new engine when that turns out to be wrong.
/// </remarks>
internal sealed class Scale(long most, int maxSize)
{
    // The engines need a few. Where fewer fit, weight decides alone.
    private const int SmallestCapacity = 5;

    // So many additions for each entry that fits lie between two looks, so that making a new engine costs each of them next to nothing.
    private const int Window = 4;

    private long total;
    private int added;
    private int shrunk;
    private int? measured;
    private bool isMoving;

    /// <summary>The most that all entries may weigh together.</summary>
    public long Most => most;

    public long Total => Volatile.Read(ref this.total);

    /// <summary>How many entries the engine is to be made for.</summary>
    public int Capacity => this.measured ?? maxSize;

    public void Add<TValue>(Entry<TValue> entry)
    {
        if (!this.isMoving)
            Volatile.Write(ref this.total, this.total + entry.Weight);
    }

    public void Remove<TValue>(Entry<TValue> entry) => Volatile.Write(ref this.total, this.total - entry.Weight);

    /// <summary>Lets the least useful entries go until an entry of the weight can come, in the place of the one that the key has.</summary>
    public void MakeRoom<TKey, TValue>(IEngine<TKey, TValue> engine, TKey key, long weight, long now)
        where TKey : notnull
    {
        while (engine.Held > 0)
        {
            var own = engine.Look(key, out var old) ? old.Weight : 0;
            if (weight <= most - (this.total - own))
                return;
            engine.Shrink(now);
            this.shrunk++;
        }
    }

    /// <summary>An entry is to come. Says whether the engine is made for a wrong number, and then has another <see cref="Capacity"/>.</summary>
    public bool IsMisjudged(int held, long weight)
    {
        this.added++;
        if (this.measured is null && weight > most - this.total)
            return this.Judge(held);
        if (this.added < Window * this.Capacity)
            return false;

        var tooMany = this.shrunk > this.added / 16 && held < this.Capacity - (this.Capacity / 16);
        var tooFew = held >= this.Capacity - 1 && this.total < most - (most / 8);
        this.added = this.shrunk = 0;
        return tooMany ? this.Judge(held) : tooFew && this.Judge(this.Capacity * (double)most / Math.Max(1, this.total));
    }

    /// <summary>Entries move from one engine into another: their sum stays what it is.</summary>
    public void Move(Action entries)
    {
        this.isMoving = true;
        try
        {
            entries();
        }
        finally
        {
            this.isMoving = false;
        }
    }

    private bool Judge(double fit)
    {
        var before = this.Capacity;
        this.measured = (int)Math.Min(maxSize, Math.Max(SmallestCapacity, fit));
        this.added = this.shrunk = 0;
        return this.Capacity != before;
    }
}
