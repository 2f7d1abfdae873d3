using System.Threading.Tasks.Sources;

namespace Memoize.Tiers;

/// <summary>
/// One who waits for an operation of a store, until it has ended, or he is let go, or his token is cancelled; whichever is first. Used again
/// when the operation has ended and nobody else can know of him.
/// </summary>
/// <remarks>
/// Who waits for an answer goes on where it has arrived, like anybody who awaits a task. Who is let go is one of many, and what he goes on
/// with may take long: he goes on on a thread of his own.
/// </remarks>
internal sealed class StoreWait : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Waiting = 0;
    private const int Answered = 1;
    private const int Late = 2;
    private const int Cancelled = 3;

    private readonly WaitingRoom room;
    private readonly Action answered;
    private ManualResetValueTaskSourceCore<bool> core;
    private CancellationTokenRegistration leaving;
    private CancellationToken token;
    private int outcome;

    // The operation and who waits have both done with it, in whichever order.
    private int users;

    internal StoreWait(WaitingRoom room)
    {
        this.room = room;
        answered = Answer;
    }

    /// <summary>When it began. A place in the room, guarded by its lock.</summary>
    internal long Since { get; set; }

    internal StoreWait? Previous { get; set; }

    internal StoreWait? Next { get; set; }

    /// <summary>Begins. The one who waits is in the room already.</summary>
    internal ValueTask<bool> Begin(Task operation, CancellationToken cancellationToken)
    {
        users = 2;
        token = cancellationToken;
        var version = core.Version;
        if (cancellationToken.CanBeCanceled)
            leaving = cancellationToken.UnsafeRegister(static wait => ((StoreWait)wait!).End(Cancelled), this);
        operation.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(answered);
        return new(this, version);
    }

    /// <summary>Lets him go without an answer.</summary>
    internal void LetGo() => End(Late);

    /// <summary>Goes on, on this thread.</summary>
    public void Execute()
    {
        room.Leave(this);
        if (outcome == Cancelled)
        {
            core.SetException(new OperationCanceledException(token));
            return;
        }

        leaving.Unregister();
        core.SetResult(false);
    }

    /// <inheritdoc/>
    public bool GetResult(short version)
    {
        try
        {
            return core.GetResult(version);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short version) => core.GetStatus(version);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short version, ValueTaskSourceOnCompletedFlags flags)
        => core.OnCompleted(continuation, state, version, flags);

    private void End(int how)
    {
        if (Interlocked.CompareExchange(ref outcome, how, Waiting) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Answer()
    {
        if (Interlocked.CompareExchange(ref outcome, Answered, Waiting) == Waiting)
        {
            room.Leave(this);
            // A cancellation that is just being told would reach whoever has it next.
            if (!leaving.Unregister() && token.CanBeCanceled)
                users++;
            core.SetResult(true);
        }

        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref users) != 0 || outcome != Answered)
            return;

        outcome = Waiting;
        leaving = default;
        token = default;
        core.Reset();
        room.Keep(this);
    }
}
