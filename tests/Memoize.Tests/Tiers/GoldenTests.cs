using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using Memoize.Keys;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>
/// What is in stores outlives the program that wrote it: the committed files say how keys are spelled and what a payload of version 1 is,
/// on every framework and in every culture. Who changes one of them changes what all deployed programs can read.
/// </summary>
public sealed class GoldenTests
{
    // MEMOIZE_UPDATE_GOLDEN=1 writes the files; only to add rows.
    private static readonly bool Updates = Environment.GetEnvironmentVariable("MEMOIZE_UPDATE_GOLDEN") == "1" && Environment.GetEnvironmentVariable("CI") is null;

    private static string PathOf(string file) => Path.Combine(RepositoryRoot.Path, "tests", "Memoize.Tests", "Tiers", "Golden", file);

    private enum Color
    {
        Red = -1,
        Green = 3,
    }

    private static IEnumerable<(string Name, string Text)> Keys()
    {
        yield return ("null", KeyPart.Shared<string?>(null));
        yield return ("text", KeyPart.Shared("home"));
        yield return ("empty text", KeyPart.Shared(""));
        yield return ("text with quotes and backslashes", KeyPart.Shared("a\"b\\c"));
        yield return ("text with controls", KeyPart.Shared("a\r\n\t\0b"));
        yield return ("text beyond ASCII", KeyPart.Shared("Iıİi ß \u00e9 e\u0301 \U0001F600"));
        yield return ("half of a surrogate pair", KeyPart.Shared("a\ud800b"));
        yield return ("char", KeyPart.Shared('ı'));
        yield return ("bool", KeyPart.Shared(true));
        yield return ("enum", KeyPart.Shared(Color.Red));
        yield return ("int", KeyPart.Shared(-1234567));
        yield return ("ulong", KeyPart.Shared(ulong.MaxValue));
        yield return ("Int128", KeyPart.Shared(Int128.MinValue));
        yield return ("BigInteger", KeyPart.Shared(BigInteger.Pow(-7, 41)));
        yield return ("double", KeyPart.Shared(1234.5678e-9));
        yield return ("double of a third", KeyPart.Shared(1.0 / 3));
        yield return ("negative zero", KeyPart.Shared(-0.0));
        yield return ("NaN", KeyPart.Shared(double.NaN));
        yield return ("infinity", KeyPart.Shared(double.NegativeInfinity));
        yield return ("float", KeyPart.Shared(0.1f));
        yield return ("Half", KeyPart.Shared((Half)1.5));
        yield return ("decimal", KeyPart.Shared(-1234.50m));
        yield return ("decimal with more zeros", KeyPart.Shared(1.10m));
        yield return ("UTC", KeyPart.Shared(new DateTime(2026, 2, 3, 4, 5, 6, 7, DateTimeKind.Utc)));
        yield return ("unspecified", KeyPart.Shared(new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Unspecified)));
        yield return ("offset", KeyPart.Shared(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(-3.5))));
        yield return ("date", KeyPart.Shared(new DateOnly(2026, 2, 3)));
        yield return ("time", KeyPart.Shared(new TimeOnly(4, 5, 6, 7)));
        yield return ("span of time", KeyPart.Shared(new TimeSpan(-1, 2, 3, 4, 5)));
        yield return ("Guid", KeyPart.Shared(new Guid("01234567-89AB-CDEF-0123-456789ABCDEF")));
        yield return ("Uri", KeyPart.Shared(new Uri("https://example.org/ä?q=1#f")));
        yield return ("relative Uri", KeyPart.Shared(new Uri("a/b", UriKind.Relative)));
        yield return ("Version", KeyPart.Shared(new Version(1, 2, 3)));
        yield return ("address", KeyPart.Shared(IPAddress.Parse("::1")));
        yield return ("Rune", KeyPart.Shared(new Rune(0x1F600)));
        yield return ("tuple", KeyPart.Shared((1, "a", (2.5, 'x'), (string?)null)));
        yield return ("list", KeyPart.Shared(SequenceKey<int>.Of([1, 2, 3])));
        yield return ("type argument", SharedTypes.NameOf(typeof(Dictionary<string, int?[]>))!);
        yield return ("type argument of ours", SharedTypes.NameOf(typeof(GoldenTests))!);
        foreach (var key in new object?[] { null, "eu", "", 5, -5L, 'a', true, Color.Red, new Guid("01234567-89AB-CDEF-0123-456789ABCDEF"), typeof(List<int>) })
            yield return ($"registration with a key, {key?.GetType().Name ?? "none"}", EntryIdentity.Of(typeof(GoldenTests), key, isAlone: false).Text);
        yield return ("registration of a generic class", EntryIdentity.Of(typeof(List<TestStore>), null, isAlone: true).Text);
        var places = new MethodTiers<string>(new("Shop.IPrices.Find(string)", new()), TierCodec<string>.For(1, static key => "id:" + KeyPart.Shared(key), typeof(int))!, static _ => false);
        foreach (var (name, identity) in new[] { ("plain", EntryIdentity.OfMethod), ("alone", EntryIdentity.Of(typeof(GoldenTests), null, isAlone: true)), ("one of several", EntryIdentity.Of(typeof(GoldenTests), "eu", isAlone: false)) })
            yield return ($"place of an entry of a registration, {name}", $"{places.PlaceOf("a", identity)}");

        var tier = new CacheTier("golden", new TestStore(), new());
        yield return ("stored", SharedKeys.InStore(tier, "Shop.Prices.Find(string, int)(id:\"home\",n:5)"));
        yield return ("stored with escapes", SharedKeys.InStore(tier, "Shop.Prices.Find(string)(id:\"50% of #1 ı\")"));
        yield return ("stored by its hash", SharedKeys.InStore(tier, "Shop.Prices.Find(string)(id:\"" + new string('x', 300) + "\")"));
        yield return ("stamp of a method", SharedKeys.StampOfMethod(tier, "Shop.Prices.Find(string)"));
        yield return ("stamp of a tag", SharedKeys.StampOfTag(tier, "user:42"));
        yield return ("stamp of all tags", SharedKeys.StampOfAllTags(tier));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    public void Keys_are_spelled_as_they_always_were(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            // One key a line; what is not printable stands as \u and its number.
            var lines = string.Concat(Keys().Select(static key => $"{key.Name}: {Printable(key.Text)}\n"));
            if (Updates)
                File.WriteAllText(PathOf("keys.txt"), lines);
            Assert.Equal(File.ReadAllText(PathOf("keys.txt")).Replace("\r", "", StringComparison.Ordinal), lines);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Printable(string text)
        => string.Concat(text.Select(static c => c is >= ' ' and <= '~' ? c.ToString() : "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture)));

    private const string Key = "Shop.Prices.Find(string)(id:\"hömé\")";

    private static readonly byte[] Stamps = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 7))];

    private static IEnumerable<(string Name, Payload Payload, byte[] Stamps, int CompressAbove)> Payloads()
    {
        Payload Of(byte[]? body, long expires) => new() { Shape = 0x0123456789ABCDEF, Created = 1_700_000_000_123, Expires = expires, Key = Key, IsNull = body is null, Body = body ?? [] };
        var json = "{\"Article\":\"x\",\"Net\":1.50}"u8.ToArray();
        yield return ("value", Of(json, 1_700_000_300_123), Stamps[..16], 4096);
        yield return ("value for ever with a tag", Of(json, 0), Stamps, 4096);
        yield return ("null", Of(null, 1_700_000_300_123), Stamps[..16], 4096);
        yield return ("nothing", Of([], 1_700_000_300_123), Stamps[..16], 4096);
        yield return ("compressed", Of([.. Enumerable.Repeat((byte)'z', 5000)], 1_700_000_300_123), Stamps[..16], 4096);
    }

    [Fact]
    public void Payloads_of_version_1_are_read_as_long_as_there_are_programs_that_wrote_them()
    {
        var all = Payloads().ToList();
        if (Updates)
            File.WriteAllText(PathOf("payload-1.txt"), string.Concat(all.Select(static one => $"{one.Name}: {Convert.ToHexString(one.Payload.Write(one.Stamps, one.CompressAbove))}\n")));

        var golden = File.ReadAllLines(PathOf("payload-1.txt")).Select(static line => line.Split(": ")).ToDictionary(static parts => parts[0], static parts => Convert.FromHexString(parts[1]));
        Assert.Equal(all.Select(static one => one.Name), golden.Keys);
        foreach (var (name, payload, stamps, above) in all)
        {
            var bytes = golden[name];
            var read = Assert.NotNull(Payload.Read(bytes, Key, payload.Shape, out var own));
            Assert.Equal((payload.Shape, payload.Created, payload.Expires, payload.IsNull), (read.Shape, read.Created, read.Expires, read.IsNull));
            Assert.Equal(payload.Body.ToArray(), read.Body.ToArray());
            Assert.Equal(stamps, own.ToArray());

            // How well a version of Brotli compresses is its own affair.
            if (name != "compressed")
                Assert.Equal(bytes, payload.Write(stamps, above));

            Assert.Null(Payload.Read(bytes, Key + "x", payload.Shape, out _));
            Assert.Null(Payload.Read(bytes, Key, payload.Shape + 1, out _));
        }
    }

    [Fact]
    public void What_is_damaged_in_whatever_way_or_of_a_later_version_is_no_payload_and_no_exception()
    {
        foreach (var (_, payload, stamps, above) in Payloads())
        {
            var bytes = payload.Write(stamps, above);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Null(Payload.Read(bytes.AsMemory(0, length), Key, payload.Shape, out _));
            Assert.Null(Payload.Read((byte[])[.. bytes, 0], Key, payload.Shape, out _));
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var flipped = (byte[])bytes.Clone();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Null(Payload.Read(flipped, Key, payload.Shape, out _));
            }
        }
    }
}
