using System.Threading.Tasks.Sources;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Connections;

/// <summary>A command that was sent or is about to be, or several of them, in the order in which the answers are due.</summary>
internal abstract class PendingCall(long deadline)
{
    /// <summary>The token of its first command, given out when it takes its place in the line.</summary>
    public uint Opaque { get; set; }

    /// <summary>Which call of the connection it is, counted from 1.</summary>
    public long Position { get; set; }

    /// <summary>Until when it is waited for, on the clock of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Whether nobody waits any longer. Its answer is still due, and is read and dropped.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Takes an answer that came while this call was the first in line.</summary>
    /// <returns>Whether it was the last one for this call.</returns>
    /// <exception cref="ProtocolViolationException">It is no answer to this call.</exception>
    public abstract bool Take(in Reply reply);

    public abstract void Fail(MemcachedFailure why);

    // Only an error has no token; it is the error of the oldest command, since answers come in order.
    protected static void RequireAnswer(in Reply reply, uint opaque)
    {
        var isOurs = reply.Code == ReplyCode.ServerError ? reply.Opaque is null : reply.Opaque == opaque && reply.Code != ReplyCode.End;
        if (!isOurs)
            throw new ProtocolViolationException("An answer to another command.");
    }
}

/// <summary>A call that one caller waits for, who may leave. He goes on elsewhere, never on the stack of whoever brings the answer.</summary>
internal abstract class PendingCall<T>(long deadline) : PendingCall(deadline), IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _leaving;
    private int _over;

    /// <summary>What comes of it, to be awaited once at most; no exception but the caller's own cancellation.</summary>
    public ValueTask<T> Answer => new(this, _answer.Version);

    public override bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Lets the caller leave. To be called before others know of the call.</summary>
    public void MayLeave(CancellationToken token)
    {
        if (token.CanBeCanceled)
            _leaving = token.UnsafeRegister(static (call, token) => ((PendingCall<T>)call!).Leave(token), this);
    }

    /// <summary>Whether it is for whoever calls this to say what came of it.</summary>
    protected bool TryEnd() => Interlocked.Exchange(ref _over, 1) == 0;

    protected void Tell(T answer) => _answer.SetResult(answer);

    private void Leave(CancellationToken token)
    {
        if (TryEnd())
            _answer.SetException(new OperationCanceledException(token));
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        _leaving.Unregister();
        return _answer.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _answer.OnCompleted(continuation, state, token, flags);
}

/// <summary>One command and its one answer.</summary>
internal sealed class SingleCall(long deadline) : PendingCall<Reply>(deadline)
{
    public override bool Take(in Reply reply)
    {
        RequireAnswer(reply, Opaque);
        if (TryEnd())
            Tell(reply);
        else
            reply.Recycle();
        return true;
    }

    public override void Fail(MemcachedFailure why)
    {
        if (TryEnd())
            Tell(Reply.Failed(why));
    }
}

/// <summary>Quiet commands and the <c>mn</c> that ends them: only those that went wrong are answered. Without commands, a sign of life.</summary>
internal sealed class QuietCalls(int count, long deadline) : PendingCall<MemcachedFailure?>(deadline)
{
    private bool _hasErrors;
    private uint _next;

    public override bool Take(in Reply reply)
    {
        switch (reply.Code)
        {
            case ReplyCode.End:
                if (TryEnd())
                    Tell(_hasErrors ? MemcachedFailure.ServerError : null);
                return true;
            case ReplyCode.ServerError when reply.Opaque is null:
                _hasErrors = true;
                return false;
        }
        reply.Recycle();
        if (reply.Opaque is not { } opaque || unchecked(opaque - Opaque) is var index && (index < _next || index >= count))
            throw new ProtocolViolationException("An answer to no command of these.");
        _next = index + 1;
        return false;
    }

    public override void Fail(MemcachedFailure why)
    {
        if (TryEnd())
            Tell(why);
    }
}
