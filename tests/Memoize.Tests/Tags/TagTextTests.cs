using System.Globalization;
using System.Net;
using System.Numerics;
using Memoize.Tags;

namespace Memoize.Tests.Tags;

/// <summary>The text of a tag: what is written by hand hits what a template has made, and no value can pass for other text.</summary>
public class TagTextTests
{
    [Flags]
    private enum Colour
    {
        Red = 1,
        Green = 2,
    }

    public static TheoryData<object?, string> Values => new()
    {
        { null, "%null" },
        { "", "" },
        { "null", "null" },
        { "42", "42" },
        { "ada@example.org", "ada@example.org" },
        { "Grüße, Ünal", "Grüße%2C Ünal" },
        { "a:b/c|d,e;f=g#h&i%j", "a%3Ab%2Fc%7Cd%2Ce%3Bf%3Dg%23h%26i%25j" },
        { "a\nb\0c\u0085", "a%0Ab%00c%85" },
        { ':', "%3A" },
        { 'x', "x" },
        { 42, "42" },
        { -42L, "-42" },
        { (byte)7, "7" },
        { ulong.MaxValue, "18446744073709551615" },
        { BigInteger.Parse("123456789012345678901234567890", CultureInfo.InvariantCulture), "123456789012345678901234567890" },
        { true, "true" },
        { 0.1, "0.1" },
        { -0.0, "-0" },
        { 1.50m, "1.50" },
        { decimal.Negate(0.0m), "-0.0" },
        { Colour.Green, "Green" },
        { Colour.Red | Colour.Green, "Red%2C Green" },
        { (Colour)8, "8" },
        { Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { new DateOnly(2024, 2, 29), "2024-02-29" },
        { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc), "2024-02-29T01%3A02%3A03.0000000Z" },
        { new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2)), "2024-02-29T01%3A02%3A03.0000000+02%3A00" },
        { TimeSpan.FromMinutes(90), "01%3A30%3A00" },
        { new Uri("https://example.org/a"), "https%3A%2F%2Fexample.org%2Fa" },
        { new Version(1, 2), "1.2" },
        { IPAddress.IPv6Loopback, "%3A%3A1" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_written_in_one_way_in_every_culture(object? value, string expected)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "", "de-DE", "tr-TR", "fa-IR", "sv-SE" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                Assert.Equal("x:" + expected, EntryTag.Of($"x:{value}").ToString());
                Assert.Equal(EntryTag.Of("x:" + expected), EntryTag.Of($"x:{value}"));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Typed_values_are_written_like_boxed_ones()
    {
        int? none = null;
        int? some = 5;
        string? text = null;
        Assert.Equal("a:5:%null:%null:5:true", EntryTag.Of($"a:{5}:{none}:{text}:{some}:{true}").ToString());
    }

    [Fact]
    public void A_type_without_a_text_of_its_own_is_refused()
    {
        Assert.Throws<ArgumentException>(() => EntryTag.Of($"x:{new object()}"));
        Assert.Throws<ArgumentException>(() => EntryTag.Of($"x:{(1, 2)}"));
        Assert.Throws<ArgumentException>(() => EntryTag.Of(""));
        Assert.Throws<ArgumentNullException>(() => EntryTag.Of(null!));
    }

    [Fact]
    public void Parts_of_keys_are_compared_as_in_keys_and_are_never_texts()
    {
        Assert.Equal(EntryTag.Part(0, double.NaN), EntryTag.Part(0, double.NaN));
        Assert.NotEqual(EntryTag.Part(0, 0.0), EntryTag.Part(0, -0.0));
        Assert.NotEqual(EntryTag.Part(0, 1), EntryTag.Part(1, 1));
        Assert.NotEqual(EntryTag.Part(0, 1), EntryTag.Part(0, 1L));
        Assert.NotEqual(EntryTag.Part(0, "a"), EntryTag.Of("a"));
        Assert.Equal(EntryTag.Part<string?>(0, null), EntryTag.Part<string?>(0, null));
        Assert.Equal(EntryTag.PartIgnoreCase(0, "İx"), EntryTag.PartIgnoreCase(0, "İX"));
        Assert.Equal(EntryTag.PartIgnoreCase(0, "a").GetHashCode(), EntryTag.PartIgnoreCase(0, "A").GetHashCode());
        Assert.NotEqual(EntryTag.PartIgnoreCase(0, "a"), EntryTag.Part(0, "a"));
        Assert.Equal("[2] \"a\"", EntryTag.Part(2, "a").ToString());
    }
}
