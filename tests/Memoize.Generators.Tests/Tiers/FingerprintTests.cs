using System.Text.RegularExpressions;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>
/// The number that stands for the shape of a result: another one when what is stored could be read wrongly, so that after a deploy the
/// old values are misses; the same one when it could not, so that a deploy that changes nothing starts warm.
/// </summary>
public sealed class FingerprintTests
{
    sealed record Change(string Name, string Before, string After, bool IsSame = false, string Type = "R");

    static readonly Change[] _changes =
    [
        new("A member is renamed", "public sealed record R(int A, string B);", "public sealed record R(int A, string C);"),
        new("A member is added", "public sealed record R(int A);", "public sealed record R(int A, string? B = null);"),
        new("A member is removed", "public sealed record R(int A, string B);", "public sealed record R(int A);"),
        new("A member has another type", "public sealed record R(int A);", "public sealed record R(long A);"),
        new("A member may be null", "public sealed record R(int A);", "public sealed record R(int? A);"),
        new("Members change places, which matters to serializers that write by position", "public sealed record R(int A, int B);", "public sealed record R(int B, int A);"),
        new("A list becomes an array", "public sealed record R(List<int> A);", "public sealed record R(int[] A);"),
        new("A member of a member is renamed", "public sealed record R(N A); public sealed record N(int X);", "public sealed record R(N A); public sealed record N(int Y);"),
        new("An element of a list of a list has a member more", "public sealed record R(List<List<N>> A); public sealed record N(int X);", "public sealed record R(List<List<N>> A); public sealed record N(int X, int Y);"),
        new("The value of a dictionary has another type", "public sealed record R(Dictionary<string, int> A);", "public sealed record R(Dictionary<string, long> A);"),
        new("A member of a base class is added", "public class B { public int X { get; set; } } public sealed class R : B { public int A { get; set; } }", "public class B { public int X { get; set; } public int Y { get; set; } } public sealed class R : B { public int A { get; set; } }"),
        new("An enum has a value more", "public enum E { X, Y } public sealed record R(E A);", "public enum E { X, Y, Z } public sealed record R(E A);"),
        new("The values of an enum change places", "public enum E { X, Y } public sealed record R(E A);", "public enum E { Y, X } public sealed record R(E A);"),
        new("A value of an enum is renamed", "public enum E { X, Y } public sealed record R(E A);", "public enum E { X, W } public sealed record R(E A);"),
        new("Another type argument", "public sealed record G<T>(T A); public sealed record R(G<int> A);", "public sealed record G<T>(T A); public sealed record R(G<uint> A);"),
        new("A member of a generic type is renamed", "public sealed record G<T>(T A); public sealed record R(G<int> A);", "public sealed record G<T>(T B); public sealed record R(G<int> A);"),
        new("A type that holds itself has a member more", "public sealed record R(int A, R? Next);", "public sealed record R(int A, R? Next, int B);"),
        new("The result is another type of the same members", "public sealed record R(int A); public sealed record Q(int A);", "public sealed record R(int A); public sealed record Q(int A);", Type: "R/Q"),
        new("A member is named otherwise for JSON", "public sealed class R { public int A { get; set; } }", "public sealed class R { [System.Text.Json.Serialization.JsonPropertyName(\"a\")] public int A { get; set; } }"),
        new("A member gets a converter", "public sealed class R { public int A { get; set; } }", "public sealed class R { [System.Text.Json.Serialization.JsonNumberHandling(System.Text.Json.Serialization.JsonNumberHandling.WriteAsString)] public int A { get; set; } }"),

        new("Nothing", "public sealed record R(int A, N? B); public sealed record N(DateTime X);", "public sealed record R(int A, N? B); public sealed record N(DateTime X);", IsSame: true),
        new("A method, a computed property and a constant", "public sealed record R(int A);", "public sealed record R(int A) { public const int K = 1; public int Twice => 2 * A; public int Add(int b) => A + b; public static int S { get; set; } }", IsSame: true),
        new("Whitespace, comments and attributes that say nothing to serializers", "public sealed record R(int A);", "/* more */ [System.Diagnostics.DebuggerDisplay(\"x\")] public sealed record R(\n    int A);", IsSame: true),
        new("The values of an enum are written in another order", "public enum E { X = 1, Y = 2 } public sealed record R(E A);", "public enum E { Y = 2, X = 1 } public sealed record R(E A);", IsSame: true),
        new("An interface is implemented", "public sealed record R(int A);", "public interface I { int A { get; } } public sealed record R(int A) : I;", IsSame: true),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => _changes.Select(change => new TheoryDataRow<string>(change.Name) { TestDisplayName = change.Name });

    [Theory, MemberData(nameof(Rows))]
    public void A_shape_changes_with_what_is_stored_and_with_nothing_else(string name)
    {
        var change = _changes.Single(one => one.Name == name);
        var types = change.Type.Split('/');
        var (before, after) = (ShapeOf(change.Before, types[0]), ShapeOf(change.After, types[^1]));
        if (change.IsSame)
            Assert.Equal(before, after);
        else
            Assert.NotEqual(before, after);
    }

    static string ShapeOf(string declarations, string type)
    {
        var run = GeneratorRun.Of(new Setup(), ("S.cs",
            $$"""
            #nullable enable
            using System;
            using System.Collections.Generic;
            using Memoize;
            {{declarations}}
            public static class S { [Cached(Ttl = 9, Tiers = "disk")] public static {{type}} M(int a) => Make(a); [NotInKey] static Func<int, {{type}}> Make = null!; }
            """));
        var shape = Regex.Match(run.GeneratedText, "tiers: new\\((0x[0-9a-fA-F]{16})UL");
        Assert.True(shape.Success, run.GeneratedText);
        return shape.Groups[1].Value;
    }
}
