using System.Buffers;
using Memoize.Keys;

namespace Memoize.Tests.Keys;

public class SpanKeyTests
{
    [Fact]
    public void A_rented_key_equals_the_frozen_one_of_the_same_content()
    {
        var frozen = SpanKey<char>.Copy("home");
        var rented = SpanKey<char>.Rent("home");

        Assert.True(frozen.Equals(rented));
        Assert.Equal(frozen.GetHashCode(), rented.GetHashCode());
        Assert.False(frozen.Equals(SpanKey<char>.Copy("hom")));
        Assert.False(frozen.Equals(SpanKey<char>.Copy("Home")));
        rented.Return();
    }

    [Fact]
    public void A_frozen_copy_does_not_change_when_the_buffer_is_used_again()
    {
        var rented = SpanKey<char>.Rent("first");
        var frozen = rented.Frozen();
        rented.Return();
        var again = SpanKey<char>.Rent("other");

        Assert.Same(rented, again);
        Assert.Equal("first", frozen.Span.ToString());
        Assert.Same(frozen, frozen.Frozen());
        again.Return();
    }

    [Fact]
    public void The_buffer_is_not_the_callers_memory()
    {
        byte[] bytes = [1, 2, 3];
        var key = SpanKey<byte>.Rent(bytes);
        bytes[0] = 9;

        Assert.Equal([1, 2, 3], key.Span.ToArray());
        Assert.Equal("0x010203", key.ToString());
        key.Return();
    }

    [Fact]
    public void Renting_while_another_is_rented_gives_another_buffer()
    {
        var outer = SpanKey<char>.Rent("outer");
        var inner = SpanKey<char>.Rent("inner");
        Assert.NotSame(outer, inner);
        inner.Return();
        var innermost = SpanKey<char>.Rent("innermost");

        Assert.Equal("outer", outer.Span.ToString());
        innermost.Return();
        outer.Return();
    }

    [Fact]
    public void A_returned_key_cannot_be_frozen_and_returning_it_again_does_nothing()
    {
        var key = SpanKey<char>.Rent("x");
        key.Return();
        key.Return();

        Assert.Throws<InvalidOperationException>(key.Frozen);
    }

    [Fact]
    public void Large_buffers_are_not_kept()
    {
        // The pool hands out first what this thread has returned last.
        var own = ArrayPool<char>.Shared.Rent(100_000);
        ArrayPool<char>.Shared.Return(own);
        var rented = SpanKey<char>.Rent(new string('a', 100_000));
        Assert.NotSame(own, ArrayPool<char>.Shared.Rent(100_000));
        rented.Return();
        Assert.Same(own, ArrayPool<char>.Shared.Rent(100_000));
    }

    [Fact]
    public void Empty_is_a_key()
    {
        var empty = SpanKey<char>.Rent(default);

        Assert.True(empty.Equals(SpanKey<char>.Copy("")));
        Assert.Equal("\"\"", empty.ToString());
        empty.Return();
    }

    [Fact]
    public void A_lookup_with_several_spans_allocates_nothing()
        => Assert.Equal(0, Allocated.By(static () =>
        {
            var first = SpanKey<char>.Rent("one");
            var second = SpanKey<char>.Rent("two");
            var third = SpanKey<char>.Rent("three");
            if (first.Equals(second) || second.Equals(third))
                throw new InvalidOperationException();
            first.Return();
            second.Return();
            third.Return();
        }));

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var frozen = SpanKey<char>.Copy("a key of some length");

        Assert.Equal(0, Allocated.By(() =>
        {
            var rented = SpanKey<char>.Rent("a key of some length");
            if (!rented.Equals(frozen))
                throw new InvalidOperationException();
            rented.Return();
        }));
    }

    [Fact]
    public void A_long_key_is_used_again_for_a_short_one()
    {
        var rented = SpanKey<char>.Rent(new string('a', 100_000));
        var frozen = rented.Frozen();
        rented.Return();
        var again = SpanKey<char>.Rent("short");
        Assert.Same(rented, again);
        Assert.Equal("short", again.Span.ToString());
        Assert.Equal(100_000, frozen.Span.Length);
        again.Return();
        Assert.True(frozen.Equals(SpanKey<char>.Copy(new string('a', 100_000))));
    }
}
