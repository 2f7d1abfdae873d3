using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Connections;

/// <summary>A command that was sent, or a batch of them, in the order in which the answers are due.</summary>
internal abstract class PendingCall(uint opaque, long heard, long deadline)
{
    public uint Opaque { get; } = opaque;

    /// <summary>How often the server had been heard of when it was sent: if that is all when it is late, the server is silent.</summary>
    public long Heard { get; } = heard;

    /// <summary>Until when it is waited for, on the clock of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Whether nobody waits any longer. Its answer is still due, and is read and dropped.</summary>
    public abstract bool IsOver { get; }

    /// <summary>Takes an answer that came while this call was the first in line.</summary>
    /// <returns>Whether it was the last one for this call.</returns>
    /// <exception cref="ProtocolViolationException">It is no answer to this call.</exception>
    public abstract bool Take(in Reply reply);

    public abstract void Fail(MemcachedFailure why);
}

/// <summary>One command and its one answer.</summary>
internal sealed class SingleCall(uint opaque, long heard, long deadline) : PendingCall(opaque, heard, deadline)
{
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Reply> Reply => _reply.Task;

    public override bool IsOver => _reply.Task.IsCompleted;

    public override bool Take(in Reply reply)
    {
        // Only an error has no token; it is the error of the oldest command, since answers come in order.
        var isOurs = reply.Code == ReplyCode.ServerError ? reply.Opaque is null : reply.Opaque == Opaque && reply.Code != ReplyCode.End;
        if (!isOurs)
            throw new ProtocolViolationException("An answer to another command.");
        if (!_reply.TrySetResult(reply))
            reply.Recycle();
        return true;
    }

    public override void Fail(MemcachedFailure why) => _reply.TrySetResult(Protocol.Reply.Failed(why));
}

/// <summary>Quiet commands and the <c>mn</c> that ends them: answers come for some of them, in order.</summary>
internal sealed class BatchCall(uint opaque, int count, long heard, long deadline) : PendingCall(opaque, heard, deadline)
{
    private readonly TaskCompletionSource<BatchReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(int Index, Reply Reply)> _replies = [];
    private int _next;
    private int _errors;
    private bool _over;

    public Task<BatchReply> Reply => _done.Task;

    public override bool IsOver => _done.Task.IsCompleted;

    public override bool Take(in Reply reply)
    {
        switch (reply.Code)
        {
            case ReplyCode.End:
                Finish(null);
                return true;
            case ReplyCode.ServerError when reply.Opaque is null:
                _errors++;
                return false;
        }

        if (reply.Opaque is not { } opaque || unchecked(opaque - Opaque) is var index && (index < _next || index >= count))
            throw new ProtocolViolationException("An answer to no command of the batch.");
        _next = (int)index + 1;
        lock (_replies)
        {
            if (!_over)
            {
                _replies.Add(((int)index, reply));
                return false;
            }
        }
        reply.Recycle();
        return false;
    }

    /// <summary>What has come until now is good, and is given out with the reason why there is no more.</summary>
    public override void Fail(MemcachedFailure why) => Finish(why);

    private void Finish(MemcachedFailure? why)
    {
        lock (_replies)
        {
            if (_over)
                return;
            _over = true;
        }
        _done.SetResult(new BatchReply(_replies, why, _errors));
    }
}

/// <summary>The answers of a batch.</summary>
/// <param name="Replies">The answers that came, with the index of their command.</param>
/// <param name="Failure">Why there are no more; null where the batch came to its end.</param>
/// <param name="Errors">How many commands the server answered with an error.</param>
internal readonly record struct BatchReply(IReadOnlyList<(int Index, Reply Reply)> Replies, MemcachedFailure? Failure, int Errors);
