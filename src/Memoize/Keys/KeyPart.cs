using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Memoize.Keys;

/// <summary>Equality, hash and text of one field of a key; called by generated code. Thread-safe.</summary>
/// <remarks>
/// Two values are the same key part only if no method could tell them apart: <c>0.0</c> and <c>-0.0</c> differ, and so do
/// <c>1.0m</c> and <c>1.00m</c>, a local and a UTC time with equal ticks, and URIs that differ in their fragment. Every NaN is the
/// same. What is not listed here is compared by its own equality. Nothing depends on the culture.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class KeyPart
{
    // An odd multiplier, other in each process, so that colliding pairs cannot be prepared from outside.
    private static readonly uint Mixer = (uint)Random.Shared.NextInt64() & 0x3FFF_FFFE | 0x8000_0001;

    /// <summary>Whether two strings are the same characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(string? a, string? b) => StringEquality.Of(a, b);

    /// <summary>Whether two values are the same part of a key.</summary>
    /// <typeparam name="T">The type of the field; the choice of the comparison is made when this is compiled for it.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal<T>(T a, T b)
    {
        if (typeof(T) == typeof(string))
            return Equal((string?)(object?)a, (string?)(object?)b);
        if (typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(bool) || typeof(T) == typeof(Guid) || typeof(T).IsEnum)
            return EqualityComparer<T>.Default.Equals(a, b);
        if (typeof(T) == typeof(double))
            return Same((double)(object)a!, (double)(object)b!);
        if (typeof(T) == typeof(float))
            return Same((float)(object)a!, (float)(object)b!);
        if (typeof(T) == typeof(Half))
            return Same((Half)(object)a!, (Half)(object)b!);
        if (typeof(T) == typeof(decimal))
            return Same((decimal)(object)a!, (decimal)(object)b!);
        if (typeof(T) == typeof(DateTime))
            return Same((DateTime)(object)a!, (DateTime)(object)b!);
        if (typeof(T) == typeof(DateTimeOffset))
            return ((DateTimeOffset)(object)a!).EqualsExact((DateTimeOffset)(object)b!);
        if (typeof(T) == typeof(Uri))
            return Same((Uri?)(object?)a, (Uri?)(object?)b);
        if (typeof(T) == typeof(double?))
            return Same(Unsafe.As<T, double?>(ref a), Unsafe.As<T, double?>(ref b));
        if (typeof(T) == typeof(float?))
            return Same(Unsafe.As<T, float?>(ref a), Unsafe.As<T, float?>(ref b));
        if (typeof(T) == typeof(decimal?))
            return Same(Unsafe.As<T, decimal?>(ref a), Unsafe.As<T, decimal?>(ref b));
        if (typeof(T) == typeof(DateTime?))
            return Same(Unsafe.As<T, DateTime?>(ref a), Unsafe.As<T, DateTime?>(ref b));
        if (typeof(T) == typeof(DateTimeOffset?))
            return Same(Unsafe.As<T, DateTimeOffset?>(ref a), Unsafe.As<T, DateTimeOffset?>(ref b));
        if (IsOfFloats<T>())
            return SameBits(a, b);
        if (Parts<T>.Own is { } parts)
            return parts.Equal(a, b);
        return EqualityComparer<T>.Default.Equals(a, b);
    }

    /// <summary>The hash of a string over all of its characters; other in each process.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hash(string? value) => value is null ? 0 : StringHash.Of(value);

    /// <summary>A hash that agrees with <see cref="Equal{T}(T, T)"/>.</summary>
    /// <typeparam name="T">The type of the field; the choice of the hash is made when this is compiled for it.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hash<T>(T value)
    {
        if (typeof(T) == typeof(string))
            return Hash((string?)(object?)value);
        if (typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(bool) || typeof(T) == typeof(Guid) || typeof(T).IsEnum)
            return value!.GetHashCode();
        if (typeof(T) == typeof(double))
            return HashOf((double)(object)value!);
        if (typeof(T) == typeof(float))
            return HashOf((float)(object)value!);
        if (typeof(T) == typeof(Half))
            return HashOf((Half)(object)value!);
        if (typeof(T) == typeof(decimal))
            return HashOf((decimal)(object)value!);
        if (typeof(T) == typeof(DateTime))
            return HashOf((DateTime)(object)value!);
        if (typeof(T) == typeof(DateTimeOffset))
            return HashOf((DateTimeOffset)(object)value!);
        if (typeof(T) == typeof(Uri))
            return HashOf((Uri?)(object?)value);
        if (typeof(T) == typeof(double?))
            return Unsafe.As<T, double?>(ref value) is { } d ? HashOf(d) : 0;
        if (typeof(T) == typeof(float?))
            return Unsafe.As<T, float?>(ref value) is { } f ? HashOf(f) : 0;
        if (typeof(T) == typeof(decimal?))
            return Unsafe.As<T, decimal?>(ref value) is { } m ? HashOf(m) : 0;
        if (typeof(T) == typeof(DateTime?))
            return Unsafe.As<T, DateTime?>(ref value) is { } t ? HashOf(t) : 0;
        if (typeof(T) == typeof(DateTimeOffset?))
            return Unsafe.As<T, DateTimeOffset?>(ref value) is { } o ? HashOf(o) : 0;
        if (Parts<T>.Own is { } parts)
            return parts.Hash(value);
        return value is null ? 0 : EqualityComparer<T>.Default.GetHashCode(value);
    }

    /// <summary>Joins two hashes; the order matters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Combine(int h1, int h2) => (int)(((uint)h1 * Mixer) + (uint)h2);

    /// <summary>Whether two strings are the same but for case, compared ordinally.</summary>
    public static bool EqualIgnoreCase(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>A hash that agrees with <see cref="EqualIgnoreCase"/>.</summary>
    public static int HashIgnoreCase(string? value) => value is null ? 0 : string.GetHashCode(value, StringComparison.OrdinalIgnoreCase);
}
