using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>Every type of parameter, and which of its values are one key.</summary>
public sealed class KeyTypeTests
{
    /// <param name="Type">The parameter's type as written; with attributes where they are needed.</param>
    /// <param name="Same">Pairs of expressions that must share an entry.</param>
    /// <param name="Different">Pairs that must not.</param>
    /// <param name="Code">Declarations that the type needs.</param>
    sealed record Row(string Type, string[] Same, string[] Different, string Code = "");

    static readonly Row[] _rows =
    [
        new("int", ["1 | 1", "int.MinValue | int.MinValue"], ["1 | 2", "1 | -1"]),
        new("long", ["5L | 5"], ["0L | -1L", "1L | 4294967297L", "long.MinValue | 0"]),
        new("uint", ["1 | 1u"], ["0 | uint.MaxValue"]),
        new("ulong", ["1 | 1UL"], ["0 | ulong.MaxValue"]),
        new("short", ["1 | 1"], ["-1 | 1"]),
        new("byte", ["1 | 1"], ["0 | 255"]),
        new("sbyte", ["1 | 1"], ["-1 | 1"]),
        new("ushort", ["1 | 1"], ["0 | 65535"]),
        new("Int128", ["1 | 1"], ["1 | Int128.MinValue"]),
        new("UInt128", ["1 | 1"], ["1 | UInt128.MaxValue"]),
        new("nint", ["1 | 1"], ["1 | -1"]),
        new("nuint", ["1 | 1"], ["1 | 2"]),
        new("bool", ["true | !false"], ["true | false"]),
        new("char", ["'a' | 'a'"], ["'a' | 'A'"]),
        new("System.Text.Rune", ["new('a') | new('a')"], ["new('a') | new('b')"]),
        new("string", ["\"a\" | new string('a', 1)", "\"\" | string.Empty"], ["\"a\" | \"A\"", "\"\" | \" \"", "\"ß\" | \"ss\"", "\"é\" | \"e\\u0301\"", "\"i\" | \"İ\"", "\"a\\0\" | \"a\""]),
        new("string?", ["null | null"], ["null | \"\"", "null | \"null\""]),
        new("[CacheKey(IgnoreCase = true)] string?", ["\"aB\" | \"Ab\"", "null | null", "\"ä\" | \"Ä\""], ["\"a\" | \"b\"", "null | \"\"", "\"i\" | \"İ\"", "\"I\" | \"ı\""]),
        new("float", ["1.5f | 1.5f", "float.NaN | -float.NaN"], ["0f | -0f", "1f | 1.0000001f"]),
        new("double", ["0.5 | 0.5", "double.NaN | BitConverter.Int64BitsToDouble(0x7ff8000000000123)"], ["0.0 | -0.0", "double.NaN | 0", "1 | 1.0000000000000002"]),
        new("Half", ["(Half)1 | (Half)1", "Half.NaN | -Half.NaN"], ["Half.Zero | Half.NegativeZero"]),
        new("double?", ["null | null", "double.NaN | double.NaN"], ["0.0 | -0.0", "null | 0.0"]),
        new("System.Numerics.Complex", ["new(1, 2) | new(1, 2)"], ["new(0.0, 1) | new(-0.0, 1)", "new(1, 2) | new(2, 1)"]),
        new("System.Numerics.Vector3", ["new(1, 2, 3) | new(1, 2, 3)"], ["new(0f, 1, 2) | new(-0f, 1, 2)"]),
        new("System.Drawing.PointF?", ["null | null", "new(1, 2) | new(1, 2)"], ["new(0f, 1) | new(-0f, 1)", "null | new(0, 0)"]),
        new("Place", ["new(1, new(1, 2)) | new(1, new(1, 2))"], ["new(1, new(0f, 2)) | new(1, new(-0f, 2))"], "public sealed record Place(int Id, System.Drawing.PointF At);"),
        new("Money", ["new(1, \"EUR\") | new(1, \"EUR\")"], ["new(1, \"EUR\") | new(1, \"USD\")"], "public abstract class ValueObject { protected abstract IEnumerable<object> Parts(); public override bool Equals(object? o) => o is ValueObject v && v.GetType() == GetType() && Parts().SequenceEqual(v.Parts()); public override int GetHashCode() => Parts().First().GetHashCode(); } public sealed class Money(int amount, string currency) : ValueObject { public int Amount { get; } = amount; public string Currency { get; } = currency; protected override IEnumerable<object> Parts() => [Amount, Currency]; }"),
        new("CustomerId", ["new(1) | new(1)"], ["new(1) | new(2)"], "public abstract class Id(int value) { public int Value { get; } = value; public override bool Equals(object? o) => o is Id i && i.GetType() == GetType() && i.Value == Value; public override int GetHashCode() => Value; } public sealed class CustomerId(int value) : Id(value);"),
        new("decimal", ["1.0m | 1.0m"], ["1.0m | 1.00m", "1m | -1m", "0m | 0.0m"]),
        new("DateTime",
            ["new(5) | new(5)", "new(5, DateTimeKind.Utc) | new(5, DateTimeKind.Utc)"],
            ["new(5) | new(6)", "new(5, DateTimeKind.Utc) | new(5, DateTimeKind.Local)", "new(5) | new(5, DateTimeKind.Utc)"]),
        new("DateTimeOffset",
            ["new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero) | new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)"],
            ["new(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)) | new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)"]),
        new("DateOnly", ["new(2024, 1, 1) | new(2024, 1, 1)"], ["new(2024, 1, 1) | new(2024, 1, 2)"]),
        new("TimeOnly", ["new(1, 2) | new(1, 2)"], ["new(1, 2) | new(1, 2, 0, 1)"]),
        new("TimeSpan", ["TimeSpan.FromSeconds(60) | TimeSpan.FromMinutes(1)"], ["TimeSpan.Zero | TimeSpan.FromTicks(1)"]),
        new("Guid", ["new(\"11111111-1111-1111-1111-111111111111\") | new(\"11111111-1111-1111-1111-111111111111\")"], ["Guid.Empty | new(\"11111111-1111-1111-1111-111111111111\")"]),
        new("Uri", ["new(\"http://a/b\") | new(\"http://a/b\")"], ["new(\"http://a/b#x\") | new(\"http://a/b#y\")", "new(\"http://a/b\") | new(\"http://a/B\")", "new(\"http://a/%7Eb\") | new(\"http://a/~b\")"]),
        new("Version", ["new(1, 2) | new(\"1.2\")"], ["new(1, 2) | new(1, 2, 0)"]),
        new("Type", ["typeof(int) | 1.GetType()"], ["typeof(List<int>) | typeof(List<>)", "typeof(int) | typeof(int?)"]),
        new("System.Numerics.BigInteger", ["1 | 1"], ["1 | -1"]),
        new("System.Net.IPAddress", ["System.Net.IPAddress.Loopback | new(new byte[] { 127, 0, 0, 1 })"], ["System.Net.IPAddress.Loopback | System.Net.IPAddress.IPv6Loopback"]),
        new("DayOfWeek", ["DayOfWeek.Friday | (DayOfWeek)5"], ["DayOfWeek.Friday | DayOfWeek.Monday"]),
        new("Big", ["Big.A | Big.A"], ["Big.A | Big.B"], "public enum Big : ulong { A = 1, B = 4294967297 }"),
        new("int?", ["null | null", "1 | 1"], ["null | 0", "1 | 2"]),
        new("DateTime?", ["null | null"], ["new DateTime(5) | new DateTime(5, DateTimeKind.Utc)", "null | new DateTime(0)"]),
        new("(int, string)", ["(1, \"a\") | (1, \"a\")"], ["(1, \"a\") | (2, \"a\")", "(1, \"a\") | (1, \"A\")"]),
        new("(double A, (decimal B, string? C) D)?", ["(1, (1m, null)) | (1, (1m, null))", "null | null"], ["(0.0, (1m, null)) | (-0.0, (1m, null))", "(1, (1.0m, null)) | (1, (1.00m, null))", "(1, (1m, null)) | (1, (1m, \"\"))"]),
        new("Tuple<int, string>", ["Tuple.Create(1, \"a\") | Tuple.Create(1, \"a\")"], ["Tuple.Create(1, \"a\") | Tuple.Create(1, \"b\")"]),
        new("Range", ["1..2 | 1..2"], ["1..2 | 1..^2"]),
        new("Index", ["^1 | ^1"], ["1 | ^1"]),
        new("P", ["new(1, \"a\") | new(1, \"a\")", "null! | null!"], ["new(1, \"a\") | new(2, \"a\")", "new(1, \"a\") | null!"], "public sealed record P(int X, string Y);"),
        new("R", ["new(1, 2) | new(1, 2)"], ["new(1, 2) | new(2, 1)"], "public readonly record struct R(int X, long Y);"),
        new("Own", ["new(1) | new(1)"], ["new(1) | new(2)"],
            "public readonly struct Own : IEquatable<Own> { readonly int _x; public Own(int x) => _x = x; public bool Equals(Own o) => _x == o._x; public override bool Equals(object? o) => o is Own x && Equals(x); public override int GetHashCode() => 7; }"),
        new("Sealed", ["new(1) | new(1)"], ["new(1) | new(2)", "new(1) | null!"],
            "public sealed class Sealed : IEquatable<Sealed> { readonly int _x; public Sealed(int x) => _x = x; public bool Equals(Sealed? o) => _x == o?._x; public override bool Equals(object? o) => Equals(o as Sealed); public override int GetHashCode() => 7; }"),
        // A type that wrote its own equality is trusted: what it looks into is its author's business.
        new("Looks", ["new(1, 2) | new(1, 2)"], ["new(1, 2) | new(2, 1)"],
            "public sealed class Looks : IEquatable<Looks> { readonly int[] _x; public Looks(params int[] x) => _x = x; public bool Equals(Looks? o) => o is not null && _x.SequenceEqual(o._x); public override bool Equals(object? o) => Equals(o as Looks); public override int GetHashCode() => _x.Length; }"),
        new("[CacheKey(\"Id\")] Order", ["new(1) { Note = \"a\" } | new(1) { Note = \"b\" }"], ["new(1) | new(2)"], "public class Order { public int Id { get; } public string? Note; public Order(int id) => Id = id; }"),
        new("[CacheKey(\"Customer.Id\", \"Region\")] Order",
            ["new(1, \"r\", 5) | new(1, \"r\", 6)"], ["new(1, \"r\", 5) | new(2, \"r\", 5)", "new(1, \"r\", 5) | new(1, \"s\", 5)"],
            "public class Customer { public int Id; } public class Order { public Customer Customer { get; } public string Region; public int Total; public Order(int id, string region, int total) { Customer = new Customer { Id = id }; Region = region; Total = total; } }"),
        new("[CacheKey(nameof(Order.Id))] Order?", ["new Order() | new Order()", "null | null"], ["null | new Order()"], "public class Order { public int Id; }"),
        new("[CacheKey(Structural = true)] int[]", ["new[] { 1, 2 } | new[] { 1, 2 }", "new int[0] | Array.Empty<int>()"], ["new[] { 1, 2 } | new[] { 2, 1 }", "new[] { 1 } | new[] { 1, 1 }", "new int[0] | null!"]),
        new("[CacheKey(Structural = true)] List<string?>", ["new() { \"a\", null } | new() { \"a\", null }"], ["new() { \"a\", \"bc\" } | new() { \"ab\", \"c\" }", "new() { null } | new()"]),
        new("[CacheKey(Structural = true)] IReadOnlyList<double>", ["new[] { 1.0 } | new List<double> { 1.0 }"], ["new[] { 0.0 } | new[] { -0.0 }"]),
        new("[CacheKey(Structural = true)] IEnumerable<Guid>", ["new[] { Guid.Empty } | new List<Guid> { Guid.Empty }"], ["new[] { Guid.Empty } | new Guid[0]"]),
        new("[CacheKey(Structural = true)] HashSet<int>", ["new() { 1, 2 } | new() { 2, 1 }"], ["new() { 1 } | new() { 2 }"]),
        new("[CacheKey(Structural = true)] Dictionary<string, int>", ["new() { [\"a\"] = 1, [\"b\"] = 2 } | new() { [\"b\"] = 2, [\"a\"] = 1 }"], ["new() { [\"a\"] = 1 } | new() { [\"a\"] = 2 }", "new() { [\"a\"] = 1 } | new() { [\"A\"] = 1 }"]),
        new("ReadOnlySpan<char>", ["\"ab\" | new char[] { 'a', 'b' }", "default | \"\""], ["\"ab\" | \"ba\"", "\"a\" | \"a\\0\""]),
        new("ReadOnlySpan<byte>", ["new byte[] { 1 } | new byte[] { 1 }"], ["new byte[] { 1 } | new byte[] { 1, 0 }"]),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => _rows.Select(row => new TheoryDataRow<string>(row.Type + row.Code) { TestDisplayName = $"A key of type {row.Type}" });

    [Theory, MemberData(nameof(Rows))]
    public Task Key(string id)
    {
        var row = _rows.Single(candidate => candidate.Type + candidate.Code == id);
        var run = string.Concat(Checks(row.Same, "same").Concat(Checks(row.Different, "different")));
        var values = string.Join(" ", row.Same.Select(_ => "same").Concat(row.Different.Select(_ => "different")));
        // Two methods, so that a second parameter beside it stands for every longer key.
        return new Shape(
            row.Type,
            $$"""
            {{row.Code}}
            public static class S
            {
                [Cached] public static int One({{row.Type}} x) => Probe.Call(Probe.Calls);
                [Cached] public static int Two(int before, {{row.Type}} x, string after = "a") => Probe.Call(Probe.Calls);
            }
            """,
            run,
            string.Join(" ", values.Split(' ').SelectMany(value => new[] { value, value })),
            2 * (row.Same.Length + 2 * row.Different.Length)).Verify();

        static IEnumerable<string> Checks(string[] pairs, string expected) => pairs.Select(pair => pair.Split(" | ")).Select(pair =>
            $"SCache.One.Clear(); SCache.Two.Clear(); "
            + $"Say(S.One({pair[0]}) == S.One({pair[1]}) ? \"same\" : \"different\"); "
            + $"Say(S.Two(1, {pair[0]}) == S.Two(1, {pair[1]}) ? \"same\" : \"different\");\n");
    }
}
