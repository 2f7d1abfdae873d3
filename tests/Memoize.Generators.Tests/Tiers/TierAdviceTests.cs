using Memoize.Generators.Tests.Advice;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>MEMO1101 and MEMO1102: what other processes could not find, or not read.</summary>
public sealed class TierAdviceTests
{
    static AdviceCase Key(string name, string code, params string[] expected) => new(name, "MEMO1101", code, expected) { Refuses = true };

    static AdviceCase Result(string type, string declarations, params string[] expected) => new(
        "Result " + type, "MEMO1102", $"{declarations} public static class S {{ [Cached(Ttl = 9, Tiers = \"disk\")] public static {type} M(int a) => Make(a); [NotInKey] static Func<int, {type}> Make = null!; }}", expected);

    static readonly AdviceCase[] _cases =
    [
        Key("A record", "public sealed record R(int A); public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M(R r) => string.Concat(r.A, r.A); }",
            "Tiers = \"disk\" of 'S.M(R)' cannot work: 'r' is in its key: 'R' has no text"),
        Key("A member of a record", "public sealed record R(int A); public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M([CacheKey(\"A\")] R r) => string.Concat(r.A, r.A); }"),
        Key("Numbers side by side", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M(System.Numerics.Complex a) => string.Concat(a.Real, a.Imaginary); }",
            "'a' is in its key: 'Complex' has no text"),
        Key("Without case", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M([CacheKey(IgnoreCase = true)] string a) => string.Concat(a.Length, a.Length); }",
            "'a' is in its key: what it ignores of upper and lower case"),
        Key("A set", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M([CacheKey(Structural = true)] HashSet<int> a) => string.Concat(a.Count, a.Count); }",
            "no order that all processes agree on"),
        Key("A generic method", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M<T>(int a) => string.Concat(typeof(T).Name, a); }"),
        Key("A result that is made of type parameters", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static KeyValuePair<int, T[]> M<T>(int a) => new(a, Array.Empty<T>()); }",
            "is made of its type parameters, so that its shape is not known when it is compiled"),
        Key("A result that is a type parameter of the type", "public static class G<T> where T : new() { [Cached(Ttl = 9, Tiers = \"disk\")] public static T M(int a) => new T(); }",
            "is made of its type parameters"),
        Key("A type parameter in the key", "public static class S { [Cached(Ttl = 9, Tiers = \"disk\")] public static string M<T>(T a) where T : IEquatable<T> => string.Concat(typeof(T).Name, a); }",
            "'a' is in its key: 'T' has no text"),
        Key("Each instance", "public class C { private int _n = 1; [Cached(Ttl = 9, Tiers = \"disk\", PerInstance = true)] public string M(int a) => string.Concat(a, _n); }",
            "an instance has no identity outside its process"),
        Key("A decorator", "public interface I { [Cached(Ttl = 9, Tiers = \"disk\")] string M(int a); }"),
        Key("A decorator of a generic interface", "public interface I<T> { [Cached(Ttl = 9, Tiers = \"disk\")] T N(int a); }",
            "'I<T>.N(int)' cannot work: its result 'T' is made of its type parameters"),

        Result("string", ""),
        Result("Line", "public sealed record Line(string A, decimal B, IReadOnlyList<int> C, Dictionary<string, DateTime?> D);"),
        Result("(int, string)", "", "is a tuple, of which JSON keeps nothing"),
        Result("Line", "public sealed class Line { public int A { get; init; } private readonly int _b = 1; public int B() => _b; }", "keeps something in the field '_b'"),
        Result("Line", "public sealed record Line(Inner I); public sealed class Inner { public int A { get; } = 1; }", "Line.I is 'Inner', which has 'A', which JSON leaves out or cannot set"),
        Result("Line", "public abstract record Line(int A);", "is abstract"),
        Result("object", "", "says nothing about what it holds"),
        Result("IReadOnlyList<KeyValuePair<string, Line>>", "public sealed record Line(int A);"),
        Result("KeyValuePair<string, object>", "", "says nothing about what it holds"),
        Result("Line", "public sealed class Line(int a) { public int A { get; } = a; }"),
        Result("Line", "public sealed class Line { private Line() { } public int A { get; init; } public static Line Of(int a) => new() { A = a }; }", "'Line' has no public constructor"),
        Result("Line", "public sealed record Line(int A) { public Line(string a) : this(a.Length) { } }", "'Line' has several constructors"),
        Result("Line", "public sealed record Line(int A) { [System.Text.Json.Serialization.JsonConstructor] public Line(int a, bool b) : this(a) { } }", "'Line' has a constructor with 'b'"),
        Result("Line", "public sealed class Line { [System.Text.Json.Serialization.JsonInclude] public int A { get; private set; } [System.Text.Json.Serialization.JsonInclude] public int B; }"),
        Result("Line", "public sealed class Line { [NonSerialized] private string? _text; public int A { get; init; } public string Text() => _text ??= A + \"\"; [field: NonSerialized] public int B { get; } = 1; }"),
        Result("Line", "public sealed class Line { [System.Text.Json.Serialization.JsonConverter(typeof(Line))] public object? A { get; init; } }"),
        Result("Bag", "public sealed class Bag : List<int> { public int Total { get; set; } }", "'Bag' is a collection, of which JSON writes the elements and leaves out 'Total'"),
        Result("Bag", "public sealed class Bag : System.Collections.ObjectModel.Collection<Inner>; public sealed class Inner { public int A { get; } = 1; }", "'Inner' has 'A'"),
        Result("Bag", "public sealed class Bag : List<string>;"),
        Result("Bag", "public sealed class Bag : ICollection<int> { private readonly List<int> _items = []; public int Count => _items.Count; public bool IsReadOnly => false; public void Add(int item) => _items.Add(item); public void Clear() => _items.Clear(); public bool Contains(int item) => _items.Contains(item); public void CopyTo(int[] array, int at) => _items.CopyTo(array, at); public bool Remove(int item) => _items.Remove(item); public IEnumerator<int> GetEnumerator() => _items.GetEnumerator(); System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }"),
        Result("Line", "[System.Text.Json.Serialization.JsonDerivedType(typeof(Long), 1)] public class Line { public int A { get; init; } } public sealed class Long : Line { public int B { get; } = 1; }", "'Long' has 'B'"),
        Result("Line", "[System.Text.Json.Serialization.JsonDerivedType(typeof(Long), 1)] public abstract class Line { private readonly int _a = 1; public int A() => _a; } public sealed class Long : Line;", "keeps something in the field '_a'"),
        Result("IReadOnlyList<ILine>", "[System.Text.Json.Serialization.JsonDerivedType(typeof(Line), 1)] public interface ILine { int A { get; } } public sealed record Line(int A) : ILine;"),
        Result("Line", "public class Base { public int A { get; init; } } public sealed class Line : Base { public new int A { get; init; } }", "'Line' has 'A' twice, and JSON leaves out the one of 'Base', which is hidden"),
        Result("Line", "public class Base { public int A; } public sealed class Line : Base { [System.Text.Json.Serialization.JsonInclude] public new int A; }", "'Line' has 'A' twice"),
        Result("Line", "public record Base(int A) { public virtual int B { get; init; } } public sealed record Line(int A, int C) : Base(A) { public override int B { get; init; } }"),
        Result("Random", "", "'Random' shows nothing of what it holds"),
        Result("Line<int>", "public sealed record Line<T>(T A, Line<Line<T>>? Next);"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names([.. _cases.Select((c, i) => c with { Name = $"{i}: {c.Name}" })]);

    [Theory, MemberData(nameof(Rows))]
    public Task What_cannot_be_shared(string name) => AdviceCase.Verify([.. _cases.Select((c, i) => c with { Name = $"{i}: {c.Name}" })], name);
}
