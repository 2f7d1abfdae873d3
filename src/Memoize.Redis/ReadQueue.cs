using System.Diagnostics;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>Reads that come while others are under way, and go together in one command.</summary>
/// <remarks>
/// <para>
/// A command costs system calls on both sides, several microseconds in all, and a message that is made, queued and completed; a key more in
/// a command costs next to nothing. So where many ask at once, most of what a read costs is saved when they ask together. Who is
/// alone, or one of a few, asks at once and for himself.
/// </para>
/// <para>
/// On one connection replies come in the order of the commands. Who waits for the next reply to come before his own command goes loses a round
/// trip at most, and that is only done where a round trip is short; over a longer way a command takes along who is there when it goes.
/// </para>
/// </remarks>
internal sealed class ReadQueue
{
    private const int FewCommands = 4;
    private const int MostReads = 64;
    private const int Window = 64;
    private const int MostShared = 16;
    private static readonly long ShortTrip = Stopwatch.Frequency / 5000;     // 200 microseconds

    private readonly object gate = new();
    private List<Waiting> waiting = [];
    private int underWay;
    private bool goes;

    // The shortest trip among the last commands says how long the way is; the others also waited for the processor.
    private long trip = long.MaxValue;
    private long shortest = long.MaxValue;
    private int trips;

    /// <summary>Lets a caller send a command of his own, at once.</summary>
    /// <param name="redis">The database.</param>
    /// <param name="turn">To be disposed when the command has ended, however it ended.</param>
    /// <returns>False where so many are under way that he is to ask together with others.</returns>
    internal bool TryEnter(IDatabase redis, out Turn turn)
    {
        lock (gate)
        {
            turn = default;
            if (underWay >= FewCommands)
                return false;
            underWay++;
        }

        turn = new(this, redis, Stopwatch.GetTimestamp());
        return true;
    }

    // A command has ended, or nobody waits for it any longer. Sends what waits. It began when it was sent; 0 if it says nothing about the way.
    private void Leave(IDatabase redis, long began)
    {
        List<Waiting>? together;
        lock (gate)
        {
            underWay--;
            if (began != 0)
                Measure(Stopwatch.GetTimestamp() - began);
            together = Take();
        }

        if (together is not null)
            _ = SendAsync(redis, together);
    }

    /// <summary>Asks together with others, for values in the order of the keys.</summary>
    /// <param name="redis">The database.</param>
    /// <param name="wanted">The keys. Those after the first are looked for among those that others want too.</param>
    /// <param name="stored">What they are called in the server.</param>
    internal Task<RedisValue[]> JoinAsync(IDatabase redis, IReadOnlyList<string> wanted, RedisKey[] stored)
    {
        var read = new Waiting(wanted, stored);
        List<Waiting>? together = null;
        lock (gate)
        {
            waiting.Add(read);
            if (underWay == 0 || waiting.Count >= MostReads)
            {
                together = Take();
            }
            else if (trip > ShortTrip && !goes)
            {
                goes = true;
                ThreadPool.UnsafeQueueUserWorkItem(static it => it.Queue.Go(it.Redis), (Queue: this, Redis: redis), preferLocal: false);
            }
        }

        if (together is not null)
            _ = SendAsync(redis, together);
        return read.Task;
    }

    private void Go(IDatabase redis)
    {
        List<Waiting>? together;
        lock (gate)
        {
            goes = false;
            together = Take();
        }

        if (together is not null)
            _ = SendAsync(redis, together);
    }

    // Needs the lock.
    private List<Waiting>? Take()
    {
        if (waiting.Count == 0)
            return null;
        var taken = waiting;
        waiting = [];
        underWay++;
        return taken;
    }

    // Needs the lock.
    private void Measure(long elapsed)
    {
        shortest = Math.Min(shortest, elapsed);
        if (++trips < Window)
            return;
        (trip, shortest, trips) = (shortest, long.MaxValue, 0);
    }

    // Never throws: what happens is told to those who wait.
    private async Task SendAsync(IDatabase redis, List<Waiting> together)
    {
        RedisValue[] values;
        var began = Stopwatch.GetTimestamp();
        try
        {
            values = await redis.StringGetAsync(Places(together), CommandFlags.DemandMaster).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Leave(redis, began: 0);
            foreach (var read in together)
                read.Fail(exception);
            return;
        }

        Leave(redis, began);
        foreach (var read in together)
            read.Succeed(values);
    }

    // What several want besides a value of their own is usually the same, and is asked for once.
    private static RedisKey[] Places(List<Waiting> together)
    {
        var places = new List<RedisKey>(together.Count + 4);
        var shared = new List<(string Key, int Place)>(4);
        foreach (var read in together)
        {
            for (var i = 0; i < read.Places.Length; i++)
            {
                var place = i == 0 ? -1 : PlaceOf(read.Wanted[i], shared);
                if (place < 0)
                {
                    place = places.Count;
                    places.Add(read.Stored[i]);
                    if (i > 0 && shared.Count < MostShared)
                        shared.Add((read.Wanted[i], place));
                }

                read.Places[i] = place;
            }
        }

        return [.. places];
    }

    private static int PlaceOf(string key, List<(string Key, int Place)> shared)
    {
        foreach (var (wanted, place) in shared)
        {
            if (wanted == key)
                return place;
        }

        return -1;
    }

    /// <summary>A command of a caller's own that is under way.</summary>
    internal readonly struct Turn(ReadQueue queue, IDatabase redis, long began) : IDisposable
    {
        public void Dispose() => queue.Leave(redis, began);
    }

    private sealed class Waiting(IReadOnlyList<string> wanted, RedisKey[] stored) : TaskCompletionSource<RedisValue[]>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal IReadOnlyList<string> Wanted => wanted;

        internal RedisKey[] Stored => stored;

        internal int[] Places { get; } = new int[stored.Length];

        internal void Succeed(RedisValue[] values) => TrySetResult(Array.ConvertAll(Places, place => values[place]));

        internal void Fail(Exception exception)
        {
            TrySetException(exception);
            // He may have left.
            _ = Task.Exception;
        }
    }
}
