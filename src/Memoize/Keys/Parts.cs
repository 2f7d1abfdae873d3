using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Memoize.Keys;

/// <summary>
/// How values of a type are compared whose own equality would compare what they hold otherwise than <see cref="KeyPart"/> does: tuples, and
/// nullable types. It is made once for each type, and knows the types of what is held, so that nothing is boxed.
/// </summary>
internal abstract class Parts<T>
{
    /// <summary>Null for the types that are compared by their own equality.</summary>
    public static readonly Parts<T>? Own = Choose();

    public abstract bool Equal(T? a, T? b);

    public abstract int Hash(T? value);

    private static Parts<T>? Choose()
    {
        var inner = Nullable.GetUnderlyingType(typeof(T));
        if (!typeof(ITuple).IsAssignableFrom(typeof(T)) && (inner is null || !KeyPart.HasOwnIdentity(inner)))
            return null;

        // Ahead of time there is no code for the types that are put together here.
        return RuntimeFeature.IsDynamicCodeSupported && Definition(typeof(T)) is { } definition
            ? (Parts<T>)Make(definition)
            : new BoxedParts<T>();
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called only where code can be made.")]
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "No comparer asks anything of its type arguments.")]
    private static object Make([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type definition)
        => Activator.CreateInstance(definition.MakeGenericType(typeof(T).GetGenericArguments()))!;

    // A type that only derives from a tuple, or is an ITuple of its own, has its items behind the interface.
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    private static Type? Definition(Type type) => !type.IsGenericType ? null : type.GetGenericTypeDefinition() switch
    {
        var t when t == typeof(Nullable<>) => typeof(NullableParts<>),
        var t when t == typeof(ValueTuple<>) => typeof(ValueParts<>),
        var t when t == typeof(ValueTuple<,>) => typeof(ValueParts<,>),
        var t when t == typeof(ValueTuple<,,>) => typeof(ValueParts<,,>),
        var t when t == typeof(ValueTuple<,,,>) => typeof(ValueParts<,,,>),
        var t when t == typeof(ValueTuple<,,,,>) => typeof(ValueParts<,,,,>),
        var t when t == typeof(ValueTuple<,,,,,>) => typeof(ValueParts<,,,,,>),
        var t when t == typeof(ValueTuple<,,,,,,>) => typeof(ValueParts<,,,,,,>),
        var t when t == typeof(ValueTuple<,,,,,,,>) => typeof(ValueParts<,,,,,,,>),
        var t when t == typeof(Tuple<>) => typeof(TupleParts<>),
        var t when t == typeof(Tuple<,>) => typeof(TupleParts<,>),
        var t when t == typeof(Tuple<,,>) => typeof(TupleParts<,,>),
        var t when t == typeof(Tuple<,,,>) => typeof(TupleParts<,,,>),
        var t when t == typeof(Tuple<,,,,>) => typeof(TupleParts<,,,,>),
        var t when t == typeof(Tuple<,,,,,>) => typeof(TupleParts<,,,,,>),
        var t when t == typeof(Tuple<,,,,,,>) => typeof(TupleParts<,,,,,,>),
        var t when t == typeof(Tuple<,,,,,,,>) => typeof(TupleParts<,,,,,,,>),
        _ => null,
    };
}

/// <summary>By what a box of the value is, where code for its type cannot be made.</summary>
internal sealed class BoxedParts<T> : Parts<T>
{
    public override bool Equal(T? a, T? b) => KeyPart.EqualBoxed(a, b);

    public override int Hash(T? value) => KeyPart.HashBoxed(value);
}

internal sealed class NullableParts<T> : Parts<T?>
    where T : struct
{
    public override bool Equal(T? a, T? b) => a.HasValue == b.HasValue && KeyPart.Equal(a.GetValueOrDefault(), b.GetValueOrDefault());

    public override int Hash(T? value) => value.HasValue ? KeyPart.Hash(value.GetValueOrDefault()) : 0;
}
