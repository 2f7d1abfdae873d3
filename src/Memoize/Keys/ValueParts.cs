namespace Memoize.Keys;

// Tuples item by item. Where there are eight type arguments, the last is a tuple of the other items.

internal sealed class ValueParts<T1> : Parts<ValueTuple<T1>>
{
    public override bool Equal(ValueTuple<T1> a, ValueTuple<T1> b)
        => KeyPart.EqualItem(a.Item1, b.Item1);

    public override int Hash(ValueTuple<T1> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1));
}

internal sealed class ValueParts<T1, T2> : Parts<(T1, T2)>
{
    public override bool Equal((T1, T2) a, (T1, T2) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2);

    public override int Hash((T1, T2) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2));
}

internal sealed class ValueParts<T1, T2, T3> : Parts<(T1, T2, T3)>
{
    public override bool Equal((T1, T2, T3) a, (T1, T2, T3) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3);

    public override int Hash((T1, T2, T3) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3));
}

internal sealed class ValueParts<T1, T2, T3, T4> : Parts<(T1, T2, T3, T4)>
{
    public override bool Equal((T1, T2, T3, T4) a, (T1, T2, T3, T4) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4);

    public override int Hash((T1, T2, T3, T4) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4));
}

internal sealed class ValueParts<T1, T2, T3, T4, T5> : Parts<(T1, T2, T3, T4, T5)>
{
    public override bool Equal((T1, T2, T3, T4, T5) a, (T1, T2, T3, T4, T5) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5);

    public override int Hash((T1, T2, T3, T4, T5) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5));
}

internal sealed class ValueParts<T1, T2, T3, T4, T5, T6> : Parts<(T1, T2, T3, T4, T5, T6)>
{
    public override bool Equal((T1, T2, T3, T4, T5, T6) a, (T1, T2, T3, T4, T5, T6) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6);

    public override int Hash((T1, T2, T3, T4, T5, T6) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6));
}

internal sealed class ValueParts<T1, T2, T3, T4, T5, T6, T7> : Parts<(T1, T2, T3, T4, T5, T6, T7)>
{
    public override bool Equal((T1, T2, T3, T4, T5, T6, T7) a, (T1, T2, T3, T4, T5, T6, T7) b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6) && KeyPart.EqualItem(a.Item7, b.Item7);

    public override int Hash((T1, T2, T3, T4, T5, T6, T7) value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6), KeyPart.HashItem(value.Item7));
}

internal sealed class ValueParts<T1, T2, T3, T4, T5, T6, T7, TRest> : Parts<ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest>>
    where TRest : struct
{
    public override bool Equal(ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> a, ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6) && KeyPart.EqualItem(a.Item7, b.Item7) && KeyPart.EqualItem(a.Rest, b.Rest);

    public override int Hash(ValueTuple<T1, T2, T3, T4, T5, T6, T7, TRest> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6), KeyPart.HashItem(value.Item7), KeyPart.HashItem(value.Rest));
}
