using System.Drawing;
using System.Globalization;
using System.Net;
using System.Numerics;
using Memoize.Keys;

namespace Memoize.Tests.Keys;

public class KeyPartTests
{
    private static readonly DateTime Noon = new(2024, 2, 3, 12, 0, 0, DateTimeKind.Unspecified);

    /// <summary>Pairs that some method could tell apart: different key parts.</summary>
    public static TheoryData<Pair> Different() =>
    [
        Pair.Of(0.0, -0.0),
        Pair.Of(0.0f, -0.0f),
        Pair.Of((Half)0.0f, (Half)(-0.0f)),
        Pair.Of(1.0, 1.0000000000000002),
        Pair.Of(1.0m, 1.00m),
        Pair.Of(0.0m, -0.0m),
        Pair.Of(0m, 0.000m),
        Pair.Of(Noon, DateTime.SpecifyKind(Noon, DateTimeKind.Utc)),
        Pair.Of(DateTime.SpecifyKind(Noon, DateTimeKind.Local), DateTime.SpecifyKind(Noon, DateTimeKind.Utc)),
        Pair.Of(Noon, Noon.AddTicks(1)),
        Pair.Of(new DateTimeOffset(Noon, TimeSpan.Zero), new DateTimeOffset(Noon.AddHours(1), TimeSpan.FromHours(1))),
        Pair.Of(new Uri("https://a.example/b#c"), new Uri("https://a.example/b#d")),
        Pair.Of(new Uri("https://a.example/b"), new Uri("HTTPS://A.EXAMPLE/b")),
        Pair.Of(new Uri("https://a.example/%41"), new Uri("https://a.example/A")),
        Pair.Of("a", "A"),
        Pair.Of("\u00e9", "e\u0301"),
        Pair.Of("", "\0"),
        Pair.Of("null", (string?)null),
        Pair.Of("", (string?)null),
        Pair.Of("a", "a "),
        Pair.Of(0L, -1L),
        Pair.Of(Guid.Empty, new Guid(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        Pair.Of(new Complex(0.0, 1), new Complex(-0.0, 1)),
        Pair.Of(new Vector2(0, 1), new Vector2(-0f, 1)),
        Pair.Of(new Vector3(0, 1, 2), new Vector3(-0f, 1, 2)),
        Pair.Of(new Vector4(0, 1, 2, 3), new Vector4(-0f, 1, 2, 3)),
        Pair.Of(new Quaternion(0, 1, 2, 3), new Quaternion(-0f, 1, 2, 3)),
        Pair.Of(new Plane(0, 1, 2, 3), new Plane(-0f, 1, 2, 3)),
        Pair.Of(Matrix3x2.Identity, Matrix3x2.Identity with { M12 = -0f }),
        Pair.Of(Matrix4x4.Identity, Matrix4x4.Identity with { M12 = -0f }),
        Pair.Of(new PointF(0, 1), new PointF(-0f, 1)),
        Pair.Of(new SizeF(0, 1), new SizeF(-0f, 1)),
        Pair.Of(new RectangleF(0, 1, 2, 3), new RectangleF(-0f, 1, 2, 3)),
        Pair.Of<Vector2?>(new Vector2(0, 1), new Vector2(-0f, 1)),
        Pair.Of((1, new PointF(0, 1)), (1, new PointF(-0f, 1))),
        Pair.Of<float?>(0f, -0f),
        Pair.Of<float?>(0f, null),
        Pair.Of<int?>(0, null),
        Pair.Of<double?>(0.0, -0.0),
        Pair.Of<double?>(double.NaN, null),
        Pair.Of<decimal?>(1.0m, 1.00m),
        Pair.Of<DateTime?>(Noon, DateTime.SpecifyKind(Noon, DateTimeKind.Utc)),
        Pair.Of<DateTimeOffset?>(new DateTimeOffset(Noon, TimeSpan.Zero), new DateTimeOffset(Noon.AddHours(1), TimeSpan.FromHours(1))),
        Pair.Of((1, 0.0), (1, -0.0)),
        Pair.Of<(int, decimal)?>((1, 1.0m), (1, 1.00m)),
        Pair.Of((1, (2, 0.0)), (1, (2, -0.0))),
        Pair.Of(Tuple.Create(1.0m), Tuple.Create(1.00m)),
        Pair.Of(("a", "b c"), ("a b", "c")),
        Pair.Of(DayOfWeek.Monday, DayOfWeek.Friday),
        Pair.Of(typeof(List<int>), typeof(List<>)),
        Pair.Of(new Version(1, 0), new Version(1, 0, 0)),
        Pair.Of(IPAddress.Parse("127.0.0.1"), IPAddress.Parse("::ffff:127.0.0.1")),
        Pair.Of(true, false),
        Pair.Of('i', 'I'),
    ];

    /// <summary>Pairs that no method could tell apart, except by reference: the same key part.</summary>
    public static TheoryData<Pair> Same() =>
    [
        Pair.Of(double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001)),
        Pair.Of(float.NaN, BitConverter.Int32BitsToSingle(0x7FC0_0001)),
        Pair.Of(Half.NaN, BitConverter.UInt16BitsToHalf(0x7E01)),
        Pair.Of<double?>(double.NaN, -double.NaN),
        Pair.Of(1.5, 1.5),
        Pair.Of(1.10m, 1.10m),
        Pair.Of(Noon, new DateTime(Noon.Ticks)),
        Pair.Of(new Uri("https://a.example/b#c"), new Uri("https://a.example/b#c")),
        Pair.Of(new Uri("b/c", UriKind.Relative), new Uri("b/c", UriKind.Relative)),
        Pair.Of("abc", string.Concat("a", "bc")),
        Pair.Of((string?)null, null),
        Pair.Of<int?>(null, null),
        Pair.Of<double?>(null, null),
        Pair.Of<float?>(float.NaN, -float.NaN),
        Pair.Of<decimal?>(1.10m, 1.10m),
        Pair.Of<DateTime?>(Noon, new DateTime(Noon.Ticks)),
        Pair.Of<DateTimeOffset?>(new DateTimeOffset(Noon, TimeSpan.Zero), new DateTimeOffset(Noon, TimeSpan.Zero)),
        Pair.Of(new Complex(1, 2), new Complex(1, 2)),
        Pair.Of(new Vector3(1, 2, 3), new Vector3(1, 2, 3)),
        Pair.Of<PointF?>(new PointF(1, 2), new PointF(1, 2)),
        Pair.Of((1, double.NaN, "x"), (1, -double.NaN, string.Concat("", "x"))),
        Pair.Of(new Version(1, 2), new Version(1, 2)),
        Pair.Of(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.1")),
    ];

    [Theory]
    [MemberData(nameof(Different))]
    public void What_a_method_can_tell_apart_is_another_key(Pair pair)
    {
        Assert.False(pair.Equal());
        Assert.False(pair.EqualReversed());
        Assert.NotEqual(pair.TextOfA, pair.TextOfB);
    }

    [Theory]
    [MemberData(nameof(Same))]
    public void What_a_method_cannot_tell_apart_is_the_same_key(Pair pair)
    {
        Assert.True(pair.Equal());
        Assert.True(pair.EqualReversed());
        Assert.Equal(pair.HashOfA, pair.HashOfB);
    }

    [Fact]
    public void The_Turkish_culture_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var hash = KeyPart.HashIgnoreCase("FILE");
            var text = KeyPart.Text((1.5, new DateTime(2024, 1, 2), -3));
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");

            Assert.True(KeyPart.EqualIgnoreCase("FILE", "file"));
            Assert.False(KeyPart.EqualIgnoreCase("FILE", "f\u0131le"));
            Assert.Equal(hash, KeyPart.HashIgnoreCase("file"));
            Assert.Equal(text, KeyPart.Text((1.5, new DateTime(2024, 1, 2), -3)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Case_is_ignored_where_it_is_asked_for_and_null_is_not_empty()
    {
        Assert.True(KeyPart.EqualIgnoreCase(null, null));
        Assert.False(KeyPart.EqualIgnoreCase(null, ""));
        Assert.Equal(KeyPart.HashIgnoreCase("Straße"), KeyPart.HashIgnoreCase("STRAßE"));
    }

    [Fact]
    public void The_hash_of_a_string_reads_all_of_it()
    {
        foreach (var length in new[] { 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 127, 129, 500, 2000 })
        {
            var text = new string('x', length);
            for (var at = 0; at < length; at += Math.Max(1, length / 40))
                Assert.NotEqual(KeyPart.Hash(text), KeyPart.Hash(text.Remove(at, 1).Insert(at, "y")));
        }
    }

    [Fact]
    public void The_order_of_the_parts_matters_to_the_hash()
        => Assert.NotEqual(KeyPart.Combine(1, 2), KeyPart.Combine(2, 1));

    [Fact]
    public void Pairs_of_small_numbers_hardly_collide()
    {
        var hashes = new HashSet<int>();
        for (var a = 0; a < 500; a++)
        {
            for (var b = 0; b < 500; b++)
                hashes.Add(KeyPart.Combine(KeyPart.Hash(a), KeyPart.Hash(b)));
        }

        Assert.InRange(hashes.Count, 249_000, 250_000);
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("null", "\"null\"")]
    [InlineData("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    [InlineData("\u0001", "\"\\u0001\"")]
    [InlineData("", "\"\"")]
    public void Text_of_a_string_is_quoted_and_escaped(string? value, string expected)
        => Assert.Equal(expected, KeyPart.Text(value));

    [Fact]
    public void Text_is_unambiguous_for_the_other_types()
    {
        Assert.Equal("-0", KeyPart.Text(-0.0));
        Assert.Equal("1.00", KeyPart.Text(1.00m));
        Assert.Equal("'x'", KeyPart.Text('x'));
        Assert.Equal("true", KeyPart.Text(true));
        Assert.Equal("2024-02-03T12:00:00.0000000", KeyPart.Text(Noon));
        Assert.Equal("(\"a\", null, 2)", KeyPart.Text(("a", (string?)null, 2)));
        Assert.Equal("Friday", KeyPart.Text(DayOfWeek.Friday));
    }

    [Fact]
    public void Common_parts_are_compared_and_hashed_without_allocating()
    {
        static int Use()
        {
            var sum = 0;
            for (var i = 0; i < 1000; i++)
            {
                sum += KeyPart.Equal(1.5, 2.5) | KeyPart.Equal(1m, 2m) | KeyPart.Equal(Noon, Noon) | KeyPart.Equal("a", "b") ? 1 : 0;
                sum += KeyPart.Equal<double?>(1.5, 2.5) | KeyPart.Equal<decimal?>(1m, 2m) | KeyPart.Equal<DateTime?>(Noon, null) | KeyPart.Equal<DateTimeOffset?>(null, null) ? 1 : 0;
                sum += KeyPart.Equal<float?>(1f, 2f) | KeyPart.Equal(new Vector3(1), new Vector3(2)) | KeyPart.Equal(new PointF(1, 2), new PointF(2, 1)) ? 1 : 0;
                sum += KeyPart.Hash<double?>(1.5) + KeyPart.Hash<decimal?>(1m) + KeyPart.Hash<DateTime?>(Noon) + KeyPart.Hash<DateTimeOffset?>(null) + KeyPart.Hash<float?>(1f) + KeyPart.Hash(new Vector3(1));
                sum += KeyPart.Hash(1.5) + KeyPart.Hash(1m) + KeyPart.Hash(Noon) + KeyPart.Hash("abc") + KeyPart.Hash(DayOfWeek.Friday);
            }

            return sum;
        }

        Assert.Equal(0, Allocated.By(() => Use()));
    }

    /// <summary>Two values of one type, compared as a generated key does: with the type known at compile time.</summary>
    public sealed record Pair(string Name, Func<bool> Equal, Func<bool> EqualReversed, int HashOfA, int HashOfB, string TextOfA, string TextOfB)
    {
        public static Pair Of<T>(T a, T b) => new(
            $"{typeof(T).Name}: {a}, {b}",
            () => KeyPart.Equal(a, b),
            () => KeyPart.Equal(b, a),
            KeyPart.Hash(a),
            KeyPart.Hash(b),
            KeyPart.Text(a),
            KeyPart.Text(b));

        public override string ToString() => Name;
    }
}
