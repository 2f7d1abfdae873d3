using CsCheck;
using Memoize.Keys;

namespace Memoize.Tests.Keys.Model;

/// <summary>Equal content is an equal key with an equal hash, whatever it consists of; other content is another key.</summary>
public class StructuralKeyProperties
{
    private static readonly Gen<int[]> FewInts = Gen.Int[0, 3].Array[0, 4];

    private static readonly Gen<string> FewStrings = Gen.Int[0, 5].Select(i => new[] { "", "a", "A", "ab", "b", "\0" }[i]);

    [Fact]
    public void Sequences()
        => Gen.Select(FewInts, FewInts).Sample((a, b) =>
        {
            var (x, y) = (SequenceKey<int>.Of(a)!, SequenceKey<int>.Of(b.ToList())!);
            return x.Equals(y) == a.SequenceEqual(b) && (!x.Equals(y) || x.GetHashCode() == y.GetHashCode());
        });

    [Fact]
    public void Sets()
        => Gen.Select(FewInts, FewInts).Sample((a, b) =>
        {
            var (x, y) = (SetKey<int>.Of(a.ToHashSet())!, SetKey<int>.Of(b.Reverse().ToHashSet())!);
            return x.Equals(y) == a.ToHashSet().SetEquals(b) && (!x.Equals(y) || x.GetHashCode() == y.GetHashCode());
        });

    [Fact]
    public void Maps()
        => Gen.Select(Gen.Dictionary(FewStrings, Gen.Int[0, 1])[0, 3], Gen.Dictionary(FewStrings, Gen.Int[0, 1])[0, 3]).Sample((a, b) =>
        {
            var (x, y) = (MapKey<string, int>.Of(a)!, MapKey<string, int>.Of(b.Reverse().ToDictionary())!);
            var same = a.Count == b.Count && a.All(item => b.TryGetValue(item.Key, out var value) && value == item.Value);
            return x.Equals(y) == same && (!x.Equals(y) || x.GetHashCode() == y.GetHashCode());
        });

    [Fact]
    public void Spans()
        => Gen.Select(Gen.Byte[0, 2].Array[0, 20], Gen.Byte[0, 2].Array[0, 20]).Sample((a, b) =>
        {
            var rented = SpanKey<byte>.Rent(a);
            var frozen = SpanKey<byte>.Copy(b);
            var equal = rented.Equals(frozen);
            var hashes = rented.GetHashCode() == frozen.GetHashCode();
            rented.Return();
            return equal == a.AsSpan().SequenceEqual(b) && (!equal || hashes);
        });

    [Fact]
    public void Doubles_by_their_bits()
        => Gen.Select(Gen.Double.Special, Gen.Double.Special).Sample((a, b) =>
        {
            var same = (double.IsNaN(a) && double.IsNaN(b)) || BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
            return KeyPart.Equal(a, b) == same && (!same || KeyPart.Hash(a) == KeyPart.Hash(b));
        });

    [Fact]
    public void Decimals_by_value_and_scale()
        => Gen.Select(Gen.Decimal, Gen.Int[0, 3]).Sample((a, zeros) =>
        {
            var text = a.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var b = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            return KeyPart.Equal(a, b) && KeyPart.Hash(a) == KeyPart.Hash(b);
        });
}
