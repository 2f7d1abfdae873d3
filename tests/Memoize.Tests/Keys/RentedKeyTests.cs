using System.Runtime.CompilerServices;
using Memoize.Keys;

namespace Memoize.Tests.Keys;

/// <summary>Parts of keys for collections that a lookup rents, and a miss keeps.</summary>
public class RentedKeyTests
{
    [Fact]
    public void A_rented_key_equals_the_kept_one_of_the_same_content()
    {
        var sequence = SequenceKey<int>.Rent([1, 2])!.Read();
        var kept = SequenceKey<int>.Of([1, 2])!;
        Assert.True(sequence.Equals(kept) && kept.Equals(sequence));
        Assert.Equal(kept.GetHashCode(), sequence.GetHashCode());
        Assert.Equal("[1, 2]", sequence.ToString());

        var set = SetKey<int>.Rent(new HashSet<int> { 2, 1 })!.Read();
        var keptSet = SetKey<int>.Of(new HashSet<int> { 1, 2 })!;
        Assert.True(set.Equals(keptSet) && keptSet.Equals(set));
        Assert.Equal(keptSet.GetHashCode(), set.GetHashCode());
        Assert.Equal("{2, 1}", set.ToString());

        var map = MapKey<string, int>.Rent(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 })!.Read();
        var keptMap = MapKey<string, int>.Of(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 })!;
        Assert.True(map.Equals(keptMap) && keptMap.Equals(map));
        Assert.Equal(keptMap.GetHashCode(), map.GetHashCode());
        sequence.Return();
        set.Return();
        map.Return();
    }

    [Fact]
    public void What_is_kept_does_not_change_when_the_rented_one_is_used_again()
    {
        var rented = SequenceKey<string>.Rent(["a", "b"])!.Read();
        var kept = rented.Keep();
        var again = SequenceKey<string>.Rent(["c", "d", "e"])!.Read();
        Assert.Same(rented, again);
        Assert.Equal("[\"a\", \"b\"]", kept.ToString());
        Assert.True(kept.Equals(SequenceKey<string>.Of(["a", "b"])));
        Assert.Equal(["a", "b"], kept.Copy());
        again.Return();

        var set = SetKey<int>.Rent(new HashSet<int>(Enumerable.Range(0, 40)))!.Read();
        var keptSet = set.Keep();
        Assert.Same(set, SetKey<int>.Rent(new HashSet<int> { 7 })!.Read());
        Assert.Equal(Enumerable.Range(0, 40), keptSet.Copy());
        Assert.True(keptSet.Equals(SetKey<int>.Of(new HashSet<int>(Enumerable.Range(0, 40)))));
        set.Return();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(20_000)]
    public void A_key_is_read_from_every_kind_of_collection_after_a_longer_one(int length)
    {
        var longer = SequenceKey<int>.Rent(Enumerable.Range(0, length + 50))!.Read();
        longer.Return();
        var expected = SequenceKey<int>.Of(Enumerable.Range(0, length).ToArray());
        IEnumerable<int>[] all = [Enumerable.Range(0, length).ToArray(), Enumerable.Range(0, length).ToList(), new LinkedList<int>(Enumerable.Range(0, length)), Iterator(length)];
        Assert.All(all, one =>
        {
            var rented = SequenceKey<int>.Rent(one)!.Read();
            Assert.True(rented.Equals(expected));
            Assert.True(rented.Keep().Equals(expected));
        });

        static IEnumerable<int> Iterator(int length)
        {
            for (var i = 0; i < length; i++)
                yield return i;
        }
    }

    [Fact]
    public void Renting_while_another_is_rented_gives_another()
    {
        var outer = SequenceKey<int>.Rent([1])!.Read();
        var inner = SequenceKey<int>.Rent([2])!.Read();
        Assert.NotSame(outer, inner);
        inner.Return();
        Assert.True(outer.Equals(SequenceKey<int>.Of([1])));
        outer.Return();
    }

    [Fact]
    public void Nothing_is_read_before_it_is_asked_for()
    {
        var read = 0;
        var rented = SequenceKey<int>.Rent(Iterator())!;
        Assert.True(rented.CanCopy);
        Assert.Equal(0, read);
        rented.Read().Return();
        Assert.Equal(1, read);

        IEnumerable<int> Iterator()
        {
            read++;
            yield return 1;
        }
    }

    [Fact]
    public void A_returned_key_holds_on_to_nothing()
    {
        var element = Lookup();
        GC.Collect();
        Assert.False(element.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Lookup()
        {
            var list = new List<object> { new() };
            var rented = SequenceKey<object>.Rent(list)!.Read();
            rented.Return();
            return new WeakReference(list[0]);
        }
    }
}
