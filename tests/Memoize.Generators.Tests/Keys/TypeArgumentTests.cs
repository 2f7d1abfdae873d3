using Memoize.Generators.Tests.Bodies;

namespace Memoize.Generators.Tests.Keys;

/// <summary>MEMO0113: what takes the place of a type parameter is part of the key, and may be no value.</summary>
public sealed class TypeArgumentTests
{
    const string S = "public static class S { [Cached] public static string M<T>(T a) where T : IEquatable<T> => $\"{a}\"; [Cached] public static string N<T>(int a, [NotInKey] T b) => $\"{a}\"; [Cached] public static string E<T>(this T a, int b) where T : IEquatable<T> => $\"{a}\"; }\n";
    const string G = "public static class G<T> where T : IEquatable<T> { [Cached] public static string M(T a) => $\"{a}\"; }\n";
    const string Bag = "public sealed record Bag(List<int> Items);\n";
    const string Changing = "public sealed class Changing : IEquatable<Changing> { public int X; public bool Equals(Changing? o) => o?.X == X; public override bool Equals(object? o) => Equals(o as Changing); public override int GetHashCode() => 1; }\n";

    static BodyCase At(string name, string code, string place, string says) => new(name, code, place) { Says = [says] };

    static readonly BodyCase[] _refused =
    [
        At("A record that holds a list", S + Bag + "public static class U { public static string Go(Bag b) => S.M(b); }", "M", "Bag.Items is 'List<int>'"),
        At("The same, said explicitly", S + Bag + "public static class U { public static string Go(Bag b) => S.M<Bag>(b); }", "M<Bag>", "Bag.Items is 'List<int>'"),
        At("The same of an extension method", S + Bag + "public static class U { public static string Go(Bag b) => b.E(1); }", "E", "passes for 'a' cannot be"),
        At("The same behind a question mark", S + Bag + "public static class U { public static string? Go(Bag? b) => b?.E(1); }", "E", "Bag.Items is 'List<int>'"),
        At("A class that can change", S + Changing + "public static class U { public static string Go(Changing b) => S.M(b); }", "M", "'X' is not read-only"),
        At("A type parameter of the type", G + Bag + "public static class U { public static string Go(Bag b) => G<Bag>.M(b); }", "M", "Bag.Items is 'List<int>'"),
        At("A number that has several forms", S + "public readonly record struct P(double X); public static class U { public static string Go(P b) => S.M(b); }", "M", "compares 'X' less strictly"),
        At("A method that is partial", "public static partial class Q { [Cached] public static partial string M<T>(T a) where T : IEquatable<T>; static string MCore<T>(T a) where T : IEquatable<T> => $\"{a}\"; }\n" + Bag + "public static class U { public static string Go(Bag b) => Q.M(b); }", "M", "Bag.Items is 'List<int>'"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("Values", S + "public sealed record R(int A, string B); public static class U { public static string Go() => S.M(1) + S.M(\"a\") + S.M(0.5) + S.M((1, 0.5)) + S.M(DateTime.UnixEpoch) + S.M(new R(1, \"b\")) + 2.E(3) + G<Guid>.M(default); }\n" + G),
        new("A type argument that is not in the key", S + Bag + "public static class U { public static string Go(Bag b) => S.N(1, b); }"),
        new("A type parameter of the caller, whose own calls are looked at", S + "public static class U { public static string Go<T>(T b) where T : IEquatable<T> => S.M(b); }"),
        new("Another method of the name", S + Bag + "public static class Other { public static string M<T>(T a) => \"\"; } public static class U { public static string Go(Bag b) => Other.M(b); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => BodyCase.Names(_refused);

    public static IEnumerable<TheoryDataRow<string>> SilentRows => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Rows))]
    public Task What_is_no_value_is_refused_where_it_is_passed(string name) => BodyCase.Verify(_refused, name, "MEMO0113");

    [Theory, MemberData(nameof(SilentRows))]
    public Task Values_and_what_is_not_in_the_key_are_not(string name) => BodyCase.Verify(_silent, name, "MEMO0113");
}
