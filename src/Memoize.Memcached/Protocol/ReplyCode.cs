namespace Memoize.Memcached.Protocol;

/// <summary>The two letters that an answer begins with, and what stands in for an answer that does not come.</summary>
internal enum ReplyCode
{
    /// <summary>There is no answer; <see cref="Reply.Failure"/> says why.</summary>
    Failed,

    /// <summary><c>VA</c>: a value.</summary>
    Value,

    /// <summary><c>HD</c>: done, or there without its value.</summary>
    Done,

    /// <summary><c>EN</c>: a miss.</summary>
    Miss,

    /// <summary><c>NS</c>: not stored, because it is there already.</summary>
    NotStored,

    /// <summary><c>EX</c>: not stored or not deleted, because it is another value by now.</summary>
    Exists,

    /// <summary><c>NF</c>: not stored or not deleted, because it is gone.</summary>
    NotFound,

    /// <summary><c>MN</c>: the end of a batch.</summary>
    End,

    /// <summary><c>SERVER_ERROR</c>: this one command failed, and the connection is good.</summary>
    ServerError,
}
