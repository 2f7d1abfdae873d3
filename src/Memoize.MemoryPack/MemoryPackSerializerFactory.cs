using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.MemoryPack;

/// <summary>
/// Stores results in MemoryPack's binary format, where that knows their type: those that are <c>[MemoryPackable]</c>, and those for which
/// a formatter is registered. All others are left to the next serializer, JSON usually. Safe for use by many threads.
/// </summary>
/// <example><code>Memo.AddTier("redis", store).Use(new MemoryPackSerializerFactory());</code></example>
public sealed class MemoryPackSerializerFactory : IHybridCacheSerializerFactory
{
    /// <summary>A serializer for the type.</summary>
    /// <typeparam name="T">The result of the method, without its task.</typeparam>
    /// <param name="serializer">The serializer, or null.</param>
    /// <returns>Whether MemoryPack knows the type.</returns>
    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = IsKnown<T>() ? new Serializer<T>() : null;
        return serializer is not null;
    }

    // A type that MemoryPack has made code for is one of its own, and brings its formatter with it. What is plain memory, such as a
    // struct of numbers, it would copy as it lies there: nothing in it says what it is, so that is left to others.
    private static bool IsKnown<T>() => typeof(T).IsAssignableTo(typeof(IMemoryPackable<T>)) || MemoryPackFormatterProvider.IsRegistered<T>();

    private sealed class Serializer<T> : IHybridCacheSerializer<T>
    {
        // Of a class that others derive from, MemoryPack writes what the declared one has. A base with a union is abstract.
        private static readonly bool IsExact = typeof(T) is { IsClass: true, IsSealed: false, IsAbstract: false } && typeof(T).IsAssignableTo(typeof(IMemoryPackable<T>));

        // UTF-8 has no place for half of a surrogate pair.
        private static readonly MemoryPackSerializerOptions Options = MemoryPackSerializerOptions.Utf16;

        public T Deserialize(ReadOnlySequence<byte> source)
        {
            T? value = default;
            var read = Deserialize(source, ref value);

            // What it leaves over is not what it has written.
            return read == source.Length ? value! : throw new MemoryPackSerializationException($"Of {source.Length} bytes {read} are a {typeof(T)}.");
        }

        [UnconditionalSuppressMessage("Trimming", "IL2091", Justification = "Only for types of which MemoryPack has generated code, or a registered formatter: nothing is looked for in them.")]
        private static int Deserialize(ReadOnlySequence<byte> source, ref T? value) => MemoryPackSerializer.Deserialize(source, ref value, Options);

        [UnconditionalSuppressMessage("Trimming", "IL2091", Justification = "The same.")]
        public void Serialize(T value, IBufferWriter<byte> target)
        {
            if (IsExact && value is not null && value.GetType() != typeof(T))
                throw new NotSupportedException($"This {typeof(T)} is a {value.GetType()}, and would come back as less than it is.");
            MemoryPackSerializer.Serialize(target, value, Options);
        }
    }
}
