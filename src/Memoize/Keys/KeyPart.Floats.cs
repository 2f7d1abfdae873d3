using System.Drawing;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memoize.Keys;

// Types that are nothing but floating-point numbers side by side. Their own equality takes 0.0 and -0.0 for the same, and their division
// does not; so they are compared bit by bit. What is equal bit by bit has one hash.
public static partial class KeyPart
{
    // A constant for whoever is compiled for T.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOfFloats<T>()
        => typeof(T) == typeof(Complex) || typeof(T) == typeof(Vector2) || typeof(T) == typeof(Vector3) || typeof(T) == typeof(Vector4)
           || typeof(T) == typeof(Quaternion) || typeof(T) == typeof(Plane) || typeof(T) == typeof(Matrix3x2) || typeof(T) == typeof(Matrix4x4)
           || typeof(T) == typeof(PointF) || typeof(T) == typeof(SizeF) || typeof(T) == typeof(RectangleF);

    private static bool IsOfFloats(Type type)
        => type == typeof(Complex) || type == typeof(Vector2) || type == typeof(Vector3) || type == typeof(Vector4)
           || type == typeof(Quaternion) || type == typeof(Plane) || type == typeof(Matrix3x2) || type == typeof(Matrix4x4)
           || type == typeof(PointF) || type == typeof(SizeF) || type == typeof(RectangleF);

    private static bool SameBits<T>(T a, T b) => BitsOf(ref a).SequenceEqual(BitsOf(ref b));

    private static ReadOnlySpan<byte> BitsOf<T>(ref T value)
        => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());

    // Of two that are equal; nothing is hidden in the bits of other types.
    private static bool HaveSameBits(object a, object b) => (a, b) switch
    {
        (Complex x, Complex y) => SameBits(x, y),
        (Vector2 x, Vector2 y) => SameBits(x, y),
        (Vector3 x, Vector3 y) => SameBits(x, y),
        (Vector4 x, Vector4 y) => SameBits(x, y),
        (Quaternion x, Quaternion y) => SameBits(x, y),
        (Plane x, Plane y) => SameBits(x, y),
        (Matrix3x2 x, Matrix3x2 y) => SameBits(x, y),
        (Matrix4x4 x, Matrix4x4 y) => SameBits(x, y),
        (PointF x, PointF y) => SameBits(x, y),
        (SizeF x, SizeF y) => SameBits(x, y),
        (RectangleF x, RectangleF y) => SameBits(x, y),
        _ => true,
    };
}
