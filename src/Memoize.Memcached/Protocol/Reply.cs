using System.Buffers;

namespace Memoize.Memcached.Protocol;

/// <summary>One answer of a server, or why there is none.</summary>
internal readonly struct Reply(ReplyCode code)
{
    public ReplyCode Code { get; } = code;

    /// <summary>Why there is no answer, or what a <see cref="ReplyCode.ServerError"/> is about.</summary>
    public MemcachedFailure Failure { get; init; }

    /// <summary>The token that the request carried; null where the answer has none.</summary>
    public uint? Opaque { get; init; }

    /// <summary>What identifies this version of the value (<c>c</c>).</summary>
    public ulong Cas { get; init; }

    /// <summary>The client's own flags (<c>f</c>).</summary>
    public uint ClientFlags { get; init; }

    /// <summary>The seconds that are left (<c>t</c>); -1 for ever.</summary>
    public int SecondsLeft { get; init; }

    /// <summary>The bytes of the value (<c>s</c>), where the value itself was not asked for.</summary>
    public long Size { get; init; }

    /// <summary><c>W</c>: this client is the one to load the value.</summary>
    public bool Won { get; init; }

    /// <summary>The value was longer than is kept, and was read over.</summary>
    public bool Oversized { get; init; }

    /// <summary>The value, in a buffer of <see cref="ArrayPool{T}"/>; whoever takes the reply returns it with <see cref="Recycle"/>.</summary>
    public ReadOnlySpan<byte> Value => new(Buffer, 0, Length);

    public byte[]? Buffer { get; init; }

    public int Length { get; init; }

    /// <summary>A value without bytes and flags is what <c>N</c> leaves on a miss, and what it becomes when its lease is renewed has a number for flags; ours are never empty.</summary>
    public bool IsPlaceholder => Code is ReplyCode.Value or ReplyCode.Done && (ClientFlags == 0 || LeaseNumber.Is(ClientFlags)) && Length == 0 && Size == 0 && !Oversized;

    /// <summary>Several read it, so that nobody gives its buffer back.</summary>
    public bool IsShared { get; init; }

    public static Reply Failed(MemcachedFailure why) => new(ReplyCode.Failed) { Failure = why };

    public void Recycle()
    {
        if (!IsShared && Buffer is { Length: > 0 } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
