using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Connections;

/// <summary>
/// Reads of several keys for one caller. A key that a call before it asks for, and that was not sent yet, is not asked for again: its answer serves both.
/// </summary>
internal sealed class ManyReads(int count, long deadline) : PendingCall<Reply[]>(deadline)
{
    private readonly Reply[] _replies = new Reply[count];

    // Those of the answers that others want too, or that were asked for by others; null where there are none.
    private SharedReply?[]? _shared;

    // The key that the next answer is for. All before it have come.
    private int _next;

    /// <summary>Lets somebody else have an answer of this call, too. Only until it is sent.</summary>
    public SharedReply Share(int index) => (_shared ??= new SharedReply?[count])[index] ??= new SharedReply(this);

    /// <summary>Has an answer of a call before this one serve for a key. Only until it is sent.</summary>
    public void TakeFrom(SharedReply other, int index) => (_shared ??= new SharedReply?[count])[index] = other;

    public override bool Take(in Reply reply)
    {
        RequireAnswer(reply, Opaque);
        Opaque = unchecked(Opaque + 1);
        var taken = reply;
        if (_shared?[_next] is { } shared)
        {
            taken = reply with { IsShared = true };
            shared.Reply = taken;
        }
        // Another thread may give out what has come, and why the rest does not come.
        lock (_replies)
        {
            if (IsOver)
                taken.Recycle();
            else
                _replies[_next] = taken;
            do
                _next++;
            while (_next < count && IsOfOther(_next));
        }
        if (_next < count)
            return false;
        End(null);
        return true;
    }

    public override void Fail(MemcachedFailure why) => End(why);

    private void End(MemcachedFailure? why)
    {
        lock (_replies)
        {
            if (!TryEnd())
                return;
            for (var i = 0; i < count; i++)
            {
                if (why is { } failure && (i >= _next || IsOfOther(i)))
                    _replies[i] = Reply.Failed(failure);
                else if (IsOfOther(i))
                    _replies[i] = _shared![i]!.Reply;
            }
        }
        Tell(_replies);
    }

    private bool IsOfOther(int index) => _shared?[index] is { } shared && shared.Owner != this;
}

/// <summary>An answer that several callers want.</summary>
internal sealed class SharedReply(ManyReads owner)
{
    /// <summary>Who asks for it.</summary>
    public ManyReads Owner => owner;

    /// <summary>The answer. It has come when that of any call after the owner's comes.</summary>
    public Reply Reply { get; set; }
}
