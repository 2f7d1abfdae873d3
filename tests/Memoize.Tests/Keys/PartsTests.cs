using Memoize.Keys;

namespace Memoize.Tests.Keys;

/// <summary>Tuples and nullable types where the type is known only at run time: compared by what they hold, and nothing is boxed.</summary>
public class PartsTests
{
    /// <summary>One of each arity that the framework has: equal ones, one whose last item is another zero, and null where there is one.</summary>
    public static TheoryData<Case> Cases() =>
    [
        Case.Of(last => ValueTuple.Create(last)),
        Case.Of(last => (1, last)),
        Case.Of(last => (1, "2", last)),
        Case.Of(last => (1, "2", 3, last)),
        Case.Of(last => (1, "2", 3, 4, last)),
        Case.Of(last => (1, "2", 3, 4, 5, last)),
        Case.Of(last => (1, "2", 3, 4, 5, 6, last)),
        Case.Of(last => (1, "2", 3, 4, 5, 6, 7, last)),
        Case.Of(last => (1, "2", 3, 4, 5, 6, 7, 8, last)),
        Case.Of(last => Tuple.Create(last)),
        Case.Of(last => Tuple.Create(1, last)),
        Case.Of(last => Tuple.Create(1, "2", last)),
        Case.Of(last => Tuple.Create(1, "2", 3, last)),
        Case.Of(last => Tuple.Create(1, "2", 3, 4, last)),
        Case.Of(last => Tuple.Create(1, "2", 3, 4, 5, last)),
        Case.Of(last => Tuple.Create(1, "2", 3, 4, 5, 6, last)),
        Case.Of(last => Tuple.Create(1, "2", 3, 4, 5, 6, 7, last)),
        Case.Of(last => (1, Tuple.Create((2, last)))),
        Case.Of<(int, double)?>(last => (1, last)),
        Case.Of<Half?>(last => (Half)last),
        Case.Of<(int, double?)>(last => (1, last)),
    ];

    [Theory, MemberData(nameof(Cases))]
    public void Each_item_is_compared_as_a_part_of_a_key(Case @case) => @case.Compare();

    [Theory, MemberData(nameof(Cases))]
    public void Nothing_is_boxed(Case @case) => Assert.Equal(0, Allocated.By(@case.Use));

    /// <summary>Ahead of time they are boxed, and that must not make another key.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Boxes_are_compared_alike(Case @case) => @case.CompareBoxed();

    [Fact]
    public void An_item_is_what_it_is_and_not_what_it_is_declared_as()
    {
        Assert.False(KeyPart.Equal<(object, int)>((0.0, 1), (-0.0, 1)));
        Assert.False(KeyPart.Equal(Tuple.Create<object?>(1.0m), Tuple.Create<object?>(1.00m)));
        Assert.True(KeyPart.Equal<(object?, IComparable)>((null, 1.0), (null, 1.0)));
        Assert.Equal(KeyPart.Hash<(object?, IComparable)>((null, 0.5)), KeyPart.Hash<(object?, IComparable)>((null, 0.5)));
    }

    [Fact]
    public void A_class_that_derives_from_a_tuple_is_another_key()
    {
        Assert.False(KeyPart.Equal(new Derived(1, 2), Tuple.Create(1, 2)));
        Assert.True(KeyPart.Equal<Tuple<int, int>>(new Derived(1, 2), new Derived(1, 2)));
        Assert.True(KeyPart.Equal(new Derived(1, 2), new Derived(1, 2)));
        Assert.Equal(KeyPart.Hash(new Derived(1, 2)), KeyPart.Hash(new Derived(1, 2)));
    }

    private sealed class Derived(int a, int b) : Tuple<int, int>(a, b);

    /// <summary>A tuple made around a number, with its type as generated code for a type parameter has it.</summary>
    public sealed record Case(string Name, Action Compare, Action CompareBoxed, Action Use)
    {
        public static Case Of<T>(Func<double, T> make)
        {
            var (a, same, other) = (make(0.0), make(0.0), make(-0.0));
            return new(typeof(T).ToString(), () => Check(KeyPart.Equal, KeyPart.Hash), () => Check(new BoxedParts<T>().Equal, new BoxedParts<T>().Hash), () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    if (!KeyPart.Equal(a, same) || KeyPart.Equal(a, other) || KeyPart.Hash(a) != KeyPart.Hash(same))
                        throw new InvalidOperationException();
                }
            });

            void Check(Func<T?, T?, bool> equal, Func<T?, int> hash)
            {
                Assert.True(equal(a, same));
                Assert.Equal(hash(a), hash(same));
                Assert.False(equal(a, other));
                Assert.False(equal(other, a));
                Assert.NotEqual(hash(a), hash(make(3.0)));
                if (default(T) is null)
                {
                    Assert.True(equal(default, default));
                    Assert.False(equal(default, a));
                    Assert.False(equal(a, default));
                    Assert.Equal(0, hash(default));
                }
            }
        }

        public override string ToString() => Name;
    }
}
