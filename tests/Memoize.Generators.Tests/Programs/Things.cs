namespace Memoize.Generators.Tests.Programs;

/// <summary>A type that a parameter may have in a random program.</summary>
/// <param name="Type">As a parameter says it.</param>
/// <param name="Values">
/// Expressions, made anew by each evaluation. Those that a body could tell apart by <see cref="Look"/> must be apart in the key, and the others must not.
/// </param>
/// <param name="Look">What a body can find out of a value <c>x</c>, as a text.</param>
sealed record Thing(string Type, string[] Values, string Look)
{
    /// <summary>What stands before the parameter.</summary>
    public string Attribute { get; init; } = "";

    /// <summary>A constant that may be its default; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it can take the place of a type parameter that is equatable.</summary>
    public bool IsArgument { get; init; }

    /// <summary>Whether it is no part of the key, so that handles do not ask for it.</summary>
    public bool IsLeftOut => Look == "\"-\"";

    /// <summary>Whether it lives on the stack, so that no asynchronous method has it.</summary>
    public bool IsSpan { get; init; }
}

/// <summary>All of them, and the declarations that they need.</summary>
static class Things
{
    const string Structural = "[CacheKey(Structural = true)] ";

    public static Thing[] All { get; } =
    [
        new("int", ["0", "1", "-1", "int.MaxValue"], "x") { Default = "1", IsArgument = true },
        new("int?", ["null", "0", "1"], "x?.ToString() ?? \"none\"") { Default = "null" },
        new("long", ["0L", "1L", "1L << 32", "1L << 33"], "x") { Default = "-1", IsArgument = true },
        new("byte", ["(byte)0", "(byte)1"], "x") { Default = "1" },
        new("ulong", ["0UL", "ulong.MaxValue"], "x") { Default = "ulong.MaxValue" },
        new("char", ["'a'", "'A'", "'\\0'"], "(int)x") { Default = "'\\''", IsArgument = true },
        new("bool", ["true", "false"], "x") { Default = "true" },
        new("bool?", ["true", "false", "null"], "x") { Default = "false" },
        new("string", ["\"a\"", "\"A\"", "\"\"", "\"a\\0\"", "new string('a', 1)", "\"1,2\"", "\"abcdefghi\"", "\"abcdefghj\"", "\"abcdefgh-abcdefgh-abcdefgh\""], "Text(x)") { Default = "\"a\"", IsArgument = true },
        new("string?", ["null", "\"\"", "\"null\"", "\"a\""], "Text(x)") { Default = "null" },
        new("string", ["\"a\"", "\"A\"", "\"ä\"", "\"Ä\"", "\"b\""], "Text(x.ToUpperInvariant())") { Attribute = "[CacheKey(IgnoreCase = true)] " },
        new("double", ["0.0", "-0.0", "1.0", "double.NaN", "-double.NaN", "double.Epsilon"], "Bits(x)") { Default = "-0.0", IsArgument = true },
        new("double?", ["0.0", "-0.0", "null", "double.NaN"], "x is { } y ? Bits(y) : \"none\""),
        new("float", ["0f", "-0f", "1f", "float.NaN"], "Bits(x)") { Default = "0.1f" },
        new("Half", ["(Half)0f", "(Half)(-0f)", "Half.NaN"], "Bits((double)x)"),
        new("decimal", ["1.0m", "1.00m", "0m", "-1m", "0.0m"], "x.ToString(System.Globalization.CultureInfo.InvariantCulture)") { Default = "1.50m", IsArgument = true },
        new("decimal?", ["1.0m", "1.00m", "null"], "x?.ToString(System.Globalization.CultureInfo.InvariantCulture)"),
        new("DateTime", ["new DateTime(5, DateTimeKind.Utc)", "new DateTime(5, DateTimeKind.Local)", "new DateTime(5)", "default"], "x.Ticks + \"/\" + x.Kind") { Default = "default", IsArgument = true },
        new("DateTimeOffset", ["new DateTimeOffset(2020, 1, 1, 10, 0, 0, TimeSpan.FromHours(1))", "new DateTimeOffset(2020, 1, 1, 9, 0, 0, TimeSpan.Zero)", "default"], "x.Ticks + \"/\" + x.Offset.Ticks") { IsArgument = true },
        new("TimeSpan", ["TimeSpan.Zero", "TimeSpan.FromTicks(1)", "TimeSpan.MaxValue"], "x.Ticks"),
        new("DateOnly", ["default", "new DateOnly(2024, 2, 29)"], "x.DayNumber") { Default = "default" },
        new("Guid", ["Guid.Empty", "new Guid(1, 2, 3, new byte[8])", "new Guid(2, 2, 3, new byte[8])"], "x") { IsArgument = true },
        new("DayOfWeek", ["DayOfWeek.Monday", "DayOfWeek.Sunday", "(DayOfWeek)77"], "(int)x") { Default = "DayOfWeek.Friday" },
        new("Level?", ["Level.Low", "Level.AlsoLow", "(Level)(-5)", "null"], "x is { } y ? ((long)y).ToString() : \"none\""),
        new("Uri", ["new Uri(\"http://a/b#c\")", "new Uri(\"http://a/b#d\")", "new Uri(\"HTTP://a/b#c\")", "new Uri(\"/a\", UriKind.Relative)", "new Uri(\"/a\", UriKind.RelativeOrAbsolute)"], "x.OriginalString + x.IsAbsoluteUri"),
        new("Version", ["new Version(1, 0)", "new Version(1, 0, 0)", "new Version(1, 1)"], "x"),
        new("Type", ["typeof(int)", "typeof(List<int>)", "typeof(List<string>)", "typeof(List<>)"], "x"),
        new("System.Numerics.BigInteger", ["0", "System.Numerics.BigInteger.Pow(2, 100)", "-System.Numerics.BigInteger.Pow(2, 100)"], "x") { IsArgument = true },
        new("System.Net.IPAddress", ["System.Net.IPAddress.Loopback", "System.Net.IPAddress.IPv6Loopback", "System.Net.IPAddress.Parse(\"::ffff:127.0.0.1\")", "System.Net.IPAddress.Parse(\"fe80::1%2\")", "System.Net.IPAddress.Parse(\"fe80::1%3\")"], "x"),
        new("System.Numerics.Complex", ["new(0.0, 0.0)", "new(-0.0, 0.0)", "new(0.0, -0.0)"], "Bits(x.Real) + Bits(x.Imaginary)"),
        new("(int, string)", ["(1, \"2\")", "(12, \"\")", "(1, \"\")"], "x.Item1 + \":\" + Text(x.Item2)") { IsArgument = true },
        new("(double A, (decimal B, DateTime C) D)", ["(0.0, (1.0m, default))", "(-0.0, (1.0m, default))", "(0.0, (1.00m, default))", "(0.0, (1.0m, new DateTime(0, DateTimeKind.Utc)))"], "Bits(x.A) + x.D.B.ToString(System.Globalization.CultureInfo.InvariantCulture) + x.D.C.Kind"),
        new("(int, int, int, int, int, int, int, int, string)?", ["null", "(1, 2, 3, 4, 5, 6, 7, 8, \"9\")", "(1, 2, 3, 4, 5, 6, 7, 9, \"9\")", "(1, 2, 3, 4, 5, 6, 7, 8, \"8\")"], "x"),
        new("Tuple<int, string>", ["Tuple.Create(1, \"a\")", "Tuple.Create(1, \"b\")", "Tuple.Create(2, \"a\")"], "x"),
        new("Point", ["new Point(1, null)", "new Point(1, \"\")", "new Point(2, null)", "new Point3(1, null, 3)", "new Point3(1, null, 4)"], "x + Text(x.Y)"),
        new("Point?", ["null", "new Point(1, null)", "new Point3(1, null, 3)"], "x is null ? \"none\" : x + Text(x.Y)"),
        new("Place", ["new Place(1, Guid.Empty)", "new Place(2, Guid.Empty)", "default"], "x") { IsArgument = true },
        new("Money", ["new Money(1)", "new Money(2)"], "x.Cents") { IsArgument = true },
        new("Query", ["new Query { Page = 1, Sort = \"a\" }", "new Query { Page = 1, Sort = \"b\", At = 7 }", "new Query { Page = 1, Sort = \"b\", At = 8 }"], "x.Page + Text(x.Sort)") { Attribute = "[CacheKey(\"Page\", \"Sort\")] " },
        new("object", ["new object()", "\"a\"", "5"], "\"-\"") { Attribute = "[NotInKey] " },
        new("CancellationToken", ["default", "new CancellationTokenSource().Token"], "\"-\"") { Default = "default" },
        new("ReadOnlySpan<char>", ["\"ab\"", "\"xab\".AsSpan(1)", "\"b\"", "default", "\"a\\0\""], "Text(x.ToString())") { IsSpan = true },
        new("ReadOnlySpan<byte>", ["\"ab\"u8", "\"b\"u8", "default", "new byte[] { 97, 98 }"], "Convert.ToHexString(x)") { IsSpan = true },
        new("int[]", ["new int[0]", "new[] { 1, 2 }", "new[] { 2, 1 }", "new[] { 1, 2, 0 }"], "Each(x)") { Attribute = Structural },
        new("double[]", ["new[] { 0.0 }", "new[] { -0.0 }", "new[] { double.NaN }"], "string.Join(\",\", x.Select(y => Bits(y)))") { Attribute = Structural },
        new("string?[]?", ["null", "new string?[] { null }", "new string?[] { \"\" }", "new string?[] { \"a\", \"b\" }", "new string?[] { \"a,b\" }"], "x is null ? \"none\" : Each(x.Select(y => Text(y)))") { Attribute = Structural },
        new("List<string>", ["new List<string>()", "new List<string> { \"a\" }", "new List<string> { \"A\" }", "new List<string> { \"a\", \"\" }"], "Each(x.Select(y => Text(y)))") { Attribute = Structural },
        new("List<(int, Point)>", ["new List<(int, Point)> { (1, new Point(1, null)) }", "new List<(int, Point)> { (1, new Point(1, \"\")) }"], "Each(x.Select(y => y + Text(y.Item2.Y)))") { Attribute = Structural },
        new("IReadOnlyList<int>", ["new List<int> { 1, 2 }", "new[] { 1, 2 }", "new[] { 12 }", "ImmutableArray.Create(1, 2)"], "Each(x)") { Attribute = Structural },
        new("IEnumerable<long>", ["new long[] { 1, 2 }", "new List<long> { 1, 2 }", "Enumerable.Range(1, 2).Select(y => (long)y)", "new long[] { 2 }"], "Each(x)") { Attribute = Structural },
        new("HashSet<string>", ["new HashSet<string> { \"a\", \"b\" }", "new HashSet<string> { \"a\" }", "new HashSet<string>(StringComparer.OrdinalIgnoreCase) { \"a\" }", "new HashSet<string>()"], "Each(x.Order()) + x.Contains(\"A\")") { Attribute = Structural },
        new("IReadOnlyDictionary<string, int>", ["new Dictionary<string, int> { [\"a\"] = 1 }", "new Dictionary<string, int> { [\"a\"] = 2 }", "new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { [\"a\"] = 1 }"], "Each(x) + x.ContainsKey(\"A\")") { Attribute = Structural },
        new("SortedDictionary<int, string?>", ["new SortedDictionary<int, string?> { [1] = null }", "new SortedDictionary<int, string?> { [1] = \"\", [2] = \"b\" }", "new SortedDictionary<int, string?>()"], "Each(x.Select(y => y.Key + \":\" + Text(y.Value)))") { Attribute = Structural },
        new("ImmutableArray<int>", ["ImmutableArray.Create(1)", "ImmutableArray<int>.Empty", "ImmutableArray.Create(1, 2)"], "Each(x)") { Attribute = Structural },
    ];

    /// <summary>Types of the program's own, and what bodies look with.</summary>
    public const string Declarations =
        """
        using System.Globalization;
        using System.Collections.Immutable;
        using static Looks;

        [assembly: CacheVaryBy("culture", typeof(CultureInfo), nameof(CultureInfo.CurrentCulture))]

        public enum Level : long { Low = -5, AlsoLow = -5, High = 5 }

        public record Point(int X, string? Y);

        public sealed record Point3(int X, string? Y, int Z) : Point(X, Y);

        public readonly record struct Place(int Number, Guid Id);

        public sealed class Money : IEquatable<Money>
        {
            public Money(int cents) => Cents = cents;

            public int Cents { get; }

            public bool Equals(Money? other) => other is not null && other.Cents == Cents;

            public override bool Equals(object? other) => Equals(other as Money);

            public override int GetHashCode() => Cents;
        }

        public sealed class Query
        {
            public int Page { get; set; }

            public string? Sort { get; set; }

            public int At { get; set; }
        }

        public static class Looks
        {
            public static string Text(string? text) => text is null ? "none" : $"{text.Length}'{text}'";

            public static string Bits(double number) => double.IsNaN(number) ? "NaN" : BitConverter.DoubleToInt64Bits(number).ToString("x");

            public static string Each<T>(IEnumerable<T> all) => "[" + string.Join("|", all) + "]";

            public static string Any<T>(T value) => value switch
            {
                string text => Text(text),
                double number => Bits(number),
                decimal number => number.ToString(CultureInfo.InvariantCulture),
                DateTime time => time.Ticks + "/" + time.Kind,
                DateTimeOffset time => time.Ticks + "/" + time.Offset,
                Money money => money.Cents.ToString(),
                char character => ((int)character).ToString(),
                _ => value?.ToString() ?? "none",
            };
        }

        /// <summary>What came out: each call beside its plain twin, and how often the original should have run.</summary>
        public static class Book
        {
            [NotInKey] static readonly Dictionary<string, (HashSet<string> Known, int Expected, int Ran)> _methods = new();
            static readonly List<string> _wrong = new();

            public static string Wrong => string.Join("\n", _wrong.Concat(_methods.Where(m => m.Value.Expected != m.Value.Ran).Select(m => $"{m.Key} ran {m.Value.Ran} times in place of {m.Value.Expected}")));

            public static int Checks;

            static void Change(string method, Func<(HashSet<string> Known, int Expected, int Ran), (HashSet<string>, int, int)> change)
            {
                lock (_methods)
                    _methods[method] = change(_methods.TryGetValue(method, out var known) ? known : (new(), 0, 0));
            }

            public static string Ran(string method, string result)
            {
                Change(method, m => (m.Known, m.Expected, m.Ran + 1));
                return result;
            }

            public static void Check(string method, string owner, string cached, string plain)
            {
                Interlocked.Increment(ref Checks);
                Change(method, m => (m.Known, m.Expected + (m.Known.Add(owner + plain) ? 1 : 0), m.Ran));
                if (cached != plain)
                    Tell($"{method} gave {cached} in place of {plain}");
            }

            public static void Clear(string method) => Change(method, m => (new(), m.Expected, m.Ran));

            public static void Evict(string method, string owner, bool had, string plain)
            {
                var known = false;
                Change(method, m => { known = m.Known.Remove(owner + plain); return m; });
                if (known != had)
                    Tell($"{method}: an eviction of {owner} {plain} said {had}");
            }

            static void Tell(string wrong)
            {
                lock (_methods)
                    _wrong.Add(wrong);
            }
        }
        """;
}
