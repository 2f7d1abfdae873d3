namespace Memoize.Keys;

/// <summary>Tuples that are classes, item by item; one that derives from them equals only its like.</summary>
internal abstract class ReferenceParts<T> : Parts<T>
    where T : class
{
    public sealed override bool Equal(T? a, T? b)
        => ReferenceEquals(a, b) || (a is not null && b is not null && a.GetType() == b.GetType() && this.Same(a, b));

    public sealed override int Hash(T? value) => value is null ? 0 : this.HashOf(value);

    protected abstract bool Same(T a, T b);

    protected abstract int HashOf(T value);
}

internal sealed class TupleParts<T1> : ReferenceParts<Tuple<T1>>
{
    protected override bool Same(Tuple<T1> a, Tuple<T1> b)
        => KeyPart.EqualItem(a.Item1, b.Item1);

    protected override int HashOf(Tuple<T1> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1));
}

internal sealed class TupleParts<T1, T2> : ReferenceParts<Tuple<T1, T2>>
{
    protected override bool Same(Tuple<T1, T2> a, Tuple<T1, T2> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2);

    protected override int HashOf(Tuple<T1, T2> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2));
}

internal sealed class TupleParts<T1, T2, T3> : ReferenceParts<Tuple<T1, T2, T3>>
{
    protected override bool Same(Tuple<T1, T2, T3> a, Tuple<T1, T2, T3> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3);

    protected override int HashOf(Tuple<T1, T2, T3> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3));
}

internal sealed class TupleParts<T1, T2, T3, T4> : ReferenceParts<Tuple<T1, T2, T3, T4>>
{
    protected override bool Same(Tuple<T1, T2, T3, T4> a, Tuple<T1, T2, T3, T4> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4);

    protected override int HashOf(Tuple<T1, T2, T3, T4> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4));
}

internal sealed class TupleParts<T1, T2, T3, T4, T5> : ReferenceParts<Tuple<T1, T2, T3, T4, T5>>
{
    protected override bool Same(Tuple<T1, T2, T3, T4, T5> a, Tuple<T1, T2, T3, T4, T5> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5);

    protected override int HashOf(Tuple<T1, T2, T3, T4, T5> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5));
}

internal sealed class TupleParts<T1, T2, T3, T4, T5, T6> : ReferenceParts<Tuple<T1, T2, T3, T4, T5, T6>>
{
    protected override bool Same(Tuple<T1, T2, T3, T4, T5, T6> a, Tuple<T1, T2, T3, T4, T5, T6> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6);

    protected override int HashOf(Tuple<T1, T2, T3, T4, T5, T6> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6));
}

internal sealed class TupleParts<T1, T2, T3, T4, T5, T6, T7> : ReferenceParts<Tuple<T1, T2, T3, T4, T5, T6, T7>>
{
    protected override bool Same(Tuple<T1, T2, T3, T4, T5, T6, T7> a, Tuple<T1, T2, T3, T4, T5, T6, T7> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6) && KeyPart.EqualItem(a.Item7, b.Item7);

    protected override int HashOf(Tuple<T1, T2, T3, T4, T5, T6, T7> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6), KeyPart.HashItem(value.Item7));
}

internal sealed class TupleParts<T1, T2, T3, T4, T5, T6, T7, TRest> : ReferenceParts<Tuple<T1, T2, T3, T4, T5, T6, T7, TRest>>
    where TRest : notnull
{
    protected override bool Same(Tuple<T1, T2, T3, T4, T5, T6, T7, TRest> a, Tuple<T1, T2, T3, T4, T5, T6, T7, TRest> b)
        => KeyPart.EqualItem(a.Item1, b.Item1) && KeyPart.EqualItem(a.Item2, b.Item2) && KeyPart.EqualItem(a.Item3, b.Item3) && KeyPart.EqualItem(a.Item4, b.Item4)
           && KeyPart.EqualItem(a.Item5, b.Item5) && KeyPart.EqualItem(a.Item6, b.Item6) && KeyPart.EqualItem(a.Item7, b.Item7) && KeyPart.EqualItem(a.Rest, b.Rest);

    protected override int HashOf(Tuple<T1, T2, T3, T4, T5, T6, T7, TRest> value)
        => KeyPart.CombineAll(KeyPart.HashItem(value.Item1), KeyPart.HashItem(value.Item2), KeyPart.HashItem(value.Item3), KeyPart.HashItem(value.Item4),
            KeyPart.HashItem(value.Item5), KeyPart.HashItem(value.Item6), KeyPart.HashItem(value.Item7), KeyPart.HashItem(value.Rest));
}
