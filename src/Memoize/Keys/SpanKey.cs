using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Memoize.Keys;

/// <summary>
/// A run of characters or bytes as a field of a key; called by generated code. A lookup <see cref="Rent">rents</see> a reusable buffer
/// of its thread, so that a hit allocates nothing; what is stored is a <see cref="Frozen">frozen</see> copy.
/// </summary>
/// <typeparam name="T"><see cref="char"/> or <see cref="byte"/>.</typeparam>
/// <remarks>A frozen key is immutable and thread-safe; a rented one belongs to the thread that rented it, until it is returned.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SpanKey<T> : IEquatable<SpanKey<T>>, ISharedPart
    where T : unmanaged, IEquatable<T>
{
    // A thread does not hold on to a larger buffer than this, nor to more of them: as many as a key is likely to have spans. Larger ones
    // come from the pool of all threads.
    private const int LargestKept = 32 * 1024;
    private const int MostKept = 4;

    // A stack of what is not in use. A key with several spans rents several, and equality code that runs during a lookup may
    // itself call a cached method.
    [ThreadStatic]
    private static SpanKey<T>? spare;

    private SpanKey<T>? below;
    private int depth;

    private T[] buffer;
    private int length;
    private int hash;
    private State state;

    private SpanKey(T[] buffer, State state)
    {
        this.buffer = buffer;
        this.state = state;
    }

    private enum State : byte
    {
        Frozen,
        Rented,
        Returned,
    }

    /// <summary>The characters or bytes.</summary>
    public ReadOnlySpan<T> Span => new(this.buffer, 0, this.length);

    /// <summary>A key for a lookup, with the content of the span. Pass it to <see cref="Return"/> after the lookup, on the same thread.</summary>
    public static SpanKey<T> Rent(ReadOnlySpan<T> span)
    {
        var key = spare;
        if (key is null)
        {
            key = new SpanKey<T>(Room(Math.Max(span.Length, 64)), State.Rented);
        }
        else
        {
            spare = key.below;
            key.below = null;
            if (key.buffer.Length < span.Length)
                key.buffer = Room(span.Length);
        }

        key.state = State.Rented;
        key.Fill(span);
        return key;
    }

    /// <summary>A frozen key with a copy of the span.</summary>
    public static SpanKey<T> Copy(ReadOnlySpan<T> span)
    {
        var key = new SpanKey<T>(new T[span.Length], State.Frozen);
        key.Fill(span);
        return key;
    }

    /// <summary>Gives the buffer back. Does nothing with a frozen key, or one that was returned already.</summary>
    public void Return()
    {
        if (this.state != State.Rented)
            return;
        this.state = State.Returned;
        if (this.buffer.Length > LargestKept)
        {
            ArrayPool<T>.Shared.Return(this.buffer);
            this.buffer = [];
            this.length = 0;
        }

        if (spare?.depth >= MostKept)
            return;
        this.below = spare;
        this.depth = (spare?.depth ?? 0) + 1;
        spare = this;
    }

    /// <summary>A key that may be stored: this one if it is frozen, an immutable copy otherwise.</summary>
    /// <exception cref="InvalidOperationException">The key was returned.</exception>
    public SpanKey<T> Frozen() => this.state switch
    {
        State.Frozen => this,
        State.Rented => Copy(this.Span),
        _ => throw new InvalidOperationException("The key was returned; its buffer may hold other content."),
    };

    /// <summary>Whether both hold the same content.</summary>
    public bool Equals(SpanKey<T>? other)
        => other is not null && this.hash == other.hash && this.Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SpanKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.hash;

    /// <summary>The content, readable: characters quoted and escaped, bytes in hexadecimal.</summary>
    public override string ToString()
        => typeof(T) == typeof(char)
            ? KeyPart.TextOf(MemoryMarshal.Cast<T, char>(this.Span))
            : "0x" + Convert.ToHexString(MemoryMarshal.AsBytes(this.Span));

    private static T[] Room(int length) => length > LargestKept ? ArrayPool<T>.Shared.Rent(length) : new T[length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Fill(ReadOnlySpan<T> span)
    {
        span.CopyTo(this.buffer);
        this.length = span.Length;
        this.hash = StringHash.Of(MemoryMarshal.AsBytes(span));
    }

    void ISharedPart.AppendShared(StringBuilder text)
        => text.Append(typeof(T) == typeof(char) ? KeyPart.TextOf(MemoryMarshal.Cast<T, char>(this.Span)) : Convert.ToHexString(MemoryMarshal.AsBytes(this.Span)));
}
