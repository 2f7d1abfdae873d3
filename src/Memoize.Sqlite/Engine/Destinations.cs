using System.Buffers;

namespace Memoize.Sqlite.Engine;

/// <summary>Where a value is read into. It is asked for the room first, and told when the value in it is whole.</summary>
internal interface IDestination
{
    Span<byte> Room(int size);

    void Done(int size);
}

/// <summary>A new array of just the size of the value.</summary>
internal struct ArrayDestination : IDestination
{
    internal byte[]? Value { get; private set; }

    public Span<byte> Room(int size) => Value = size == 0 ? [] : GC.AllocateUninitializedArray<byte>(size);

    public readonly void Done(int size)
    {
    }
}

/// <summary>A buffer of the caller's, which is advanced only over a whole and sound value.</summary>
internal readonly struct WriterDestination(IBufferWriter<byte> writer) : IDestination
{
    public Span<byte> Room(int size) => size == 0 ? default : writer.GetSpan(size)[..size];

    public void Done(int size) => writer.Advance(size);
}

/// <summary>A rented buffer that serves one value after the other.</summary>
internal struct RentedDestination : IDestination, IDisposable
{
    private byte[]? _buffer;

    internal ReadOnlyMemory<byte> Value { get; private set; }

    public Span<byte> Room(int size)
    {
        if (_buffer is null || _buffer.Length < size)
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(size);
        }
        return _buffer.AsSpan(0, size);
    }

    public void Done(int size) => Value = _buffer.AsMemory(0, size);

    public void Dispose()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
