using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

/// <summary>What results are written with unless the user says otherwise: text and bytes as they are, everything else as JSON.</summary>
internal static class BuiltInSerializers
{
    private static readonly ConcurrentDictionary<(Type, JsonSerializerOptions?), object> Made = new();

    /// <summary>The same for all tiers with the same options, so that a value for several of them is serialized once.</summary>
    internal static IHybridCacheSerializer<T> Of<T>(JsonSerializerOptions? json)
        => (IHybridCacheSerializer<T>)Made.GetOrAdd((typeof(T), json), static key => Make<T>(key.Item2));

    private static IHybridCacheSerializer<T> Make<T>(JsonSerializerOptions? json)
        => typeof(T) == typeof(string) ? (IHybridCacheSerializer<T>)(object)new OfText()
            : typeof(T) == typeof(byte[]) ? (IHybridCacheSerializer<T>)(object)new OfBytes()
            : new OfJson<T>(json is null ? Reflection() : json.TypeInfoResolver is null ? WithReflection(json) : json);

    // As JsonSerializer does with options that nobody has given a resolver.
    private static JsonSerializerOptions WithReflection(JsonSerializerOptions json) => new(json) { TypeInfoResolver = Reflection().TypeInfoResolver };

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where the program has reflection for JSON switched on; a trimmed program has it off and is told to give a context.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The same.")]
    private static JsonSerializerOptions Reflection()
        => JsonSerializer.IsReflectionEnabledByDefault
            ? JsonSerializerOptions.Default
            : throw new InvalidOperationException("This program has no reflection for JSON. Give the tier the options of a JsonSerializerContext: new CacheTierOptions { Json = MyContext.Default.Options }.");

    private sealed class OfJson<T>(JsonSerializerOptions options) : IHybridCacheSerializer<T>, IDialect
    {
        private readonly JsonTypeInfo<T> type = (JsonTypeInfo<T>)FaithfulJson.Of(options).GetTypeInfo(typeof(T));

        private readonly Lazy<bool> isTrusted = new(() => JsonTrust.In(typeof(T), options));

        public string Dialect { get; } = FaithfulJson.DialectOf(options);

        public bool IsTrusted => isTrusted.Value;

        public T Deserialize(ReadOnlySequence<byte> source)
        {
            // With a reader, the end of the value is looked for before it is read.
            if (source.IsSingleSegment)
                return JsonSerializer.Deserialize(source.FirstSpan, type)!;
            var reader = new Utf8JsonReader(source);
            return JsonSerializer.Deserialize(ref reader, type)!;
        }

        public void Serialize(T value, IBufferWriter<byte> target)
        {
            var written = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(written, new() { Encoder = options.Encoder, SkipValidation = true }))
                JsonSerializer.Serialize(writer, value, type);

            // Half of a surrogate pair has no UTF-8: what stands here in its place, if it is not there by itself, is something else.
            var bytes = written.WrittenSpan;
            if (bytes.IndexOf(Replacement) >= 0 || bytes.IndexOf(EscapedReplacement) >= 0)
                throw new NotSupportedException("It has half of a surrogate pair, or U+FFFD, in a string: JSON cannot tell one from the other.");
            target.Write(bytes);
        }

        private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

        private static ReadOnlySpan<byte> EscapedReplacement => "\\uFFFD"u8;
    }

    private sealed class OfText : IHybridCacheSerializer<string>, IDialect
    {
        public string Dialect => "";

        public bool IsTrusted => true;

        // UTF-16, because a string may hold halves of surrogate pairs, which UTF-8 would lose. Text compresses to the same size.
        public string Deserialize(ReadOnlySequence<byte> source) => new(MemoryMarshal.Cast<byte, char>(source.ToArray()));

        public void Serialize(string value, IBufferWriter<byte> target) => target.Write(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    private sealed class OfBytes : IHybridCacheSerializer<byte[]>, IDialect
    {
        public string Dialect => "";

        public bool IsTrusted => true;

        public byte[] Deserialize(ReadOnlySequence<byte> source) => source.ToArray();

        public void Serialize(byte[] value, IBufferWriter<byte> target) => target.Write(value);
    }
}
