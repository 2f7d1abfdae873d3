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

    const string Car = "[JsonDerivedType(typeof(C), \"car\")] public class R { public int Wheels { get; set; } } ";

    const string Own = "namespace MemoryPack { public sealed class MemoryPackableAttribute : Attribute; [AttributeUsage(AttributeTargets.All, AllowMultiple = true)] public sealed class MemoryPackUnionAttribute(ushort tag, Type type) : Attribute { public ushort Tag => tag; public Type Type => type; } } ";

    const string Deep = "G<G<G<G<G<G<G<G<G<G<G<G<N>>>>>>>>>>>>";

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

        new("A member of a derived type is renamed", Car + "public sealed class C : R { public string Plate { get; set; } = \"\"; }", Car + "public sealed class C : R { public string Registration { get; set; } = \"\"; }"),
        new("A derived type has a member more", Car + "public sealed class C : R { public int A { get; set; } }", Car + "public sealed class C : R { public int A { get; set; } public int B { get; set; } }"),
        new("A member of a derived type has another type", Car + "public sealed class C : R { public int Price { get; set; } }", Car + "public sealed class C : R { public decimal Price { get; set; } }"),
        new("A member of a member of a derived type is renamed", Car + "public sealed class C : R { public N? A { get; set; } } public sealed record N(int X);", Car + "public sealed class C : R { public N? A { get; set; } } public sealed record N(int Y);"),
        new("A derived type is added", Car + "public sealed class C : R; public sealed class T : R;", "[JsonDerivedType(typeof(T), \"truck\")] " + Car + "public sealed class C : R; public sealed class T : R;"),
        new("A derived type is told by another word", Car + "public sealed class C : R;", Car.Replace("\"car\"", "\"auto\"") + "public sealed class C : R;"),
        new("The property that tells derived types has another name", Car + "public sealed class C : R;", "[JsonPolymorphic(TypeDiscriminatorPropertyName = \"kind\")] " + Car + "public sealed class C : R;"),
        new("A type that is derived from a derived type", Car + "[JsonDerivedType(typeof(D), 1)] public class C : R; public sealed class D : C { public int X { get; set; } }", Car + "[JsonDerivedType(typeof(D), 1)] public class C : R; public sealed class D : C { public int Y { get; set; } }"),
        new("A derived type of an element of a list", Car + "public sealed class C : R { public int X { get; set; } }", Car + "public sealed class C : R { public int Y { get; set; } }", Type: "List<R>"),
        new("A derived type of a value of a dictionary of a member", Car + "public sealed class C : R { public int X { get; set; } } public sealed record Q(Dictionary<string, List<R>> A);", Car + "public sealed class C : R { public int Y { get; set; } } public sealed record Q(Dictionary<string, List<R>> A);", Type: "Q"),
        new("A derived type that holds its base", Car + "public sealed class C : R { public R? Next { get; set; } public int X { get; set; } }", Car + "public sealed class C : R { public R? Next { get; set; } public int Y { get; set; } }"),
        new("A derived type of a generic base", "[JsonDerivedType(typeof(C), 1)] public class G<T> { public T? A { get; set; } } public sealed class C : G<int> { public int X { get; set; } }", "[JsonDerivedType(typeof(C), 1)] public class G<T> { public T? A { get; set; } } public sealed class C : G<int> { public int Y { get; set; } }", Type: "G<int>"),
        new("A generic derived type", "[JsonDerivedType(typeof(C<N>), 1)] public class R; public class C<T> : R { public T? A { get; set; } } public sealed record N(int X);", "[JsonDerivedType(typeof(C<N>), 1)] public class R; public class C<T> : R { public T? A { get; set; } } public sealed record N(int Y);"),
        new("A derived type of an abstract base", "[JsonDerivedType(typeof(C), 1)] public abstract class R; public sealed class C : R { public int X { get; set; } }", "[JsonDerivedType(typeof(C), 1)] public abstract class R; public sealed class C : R { public int Y { get; set; } }"),
        new("A type that implements an interface", "[JsonDerivedType(typeof(C), 1)] public interface I; public sealed class C : I { public int X { get; set; } }", "[JsonDerivedType(typeof(C), 1)] public interface I; public sealed class C : I { public int Y { get; set; } }", Type: "I"),
        new("A part of a MemoryPack union", Own + "[MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, typeof(C))] public class R; public sealed class C : R { public int X { get; set; } }", Own + "[MemoryPack.MemoryPackable, MemoryPack.MemoryPackUnion(0, typeof(C))] public class R; public sealed class C : R { public int Y { get; set; } }"),
        new("An element of a collection of one's own", "public sealed class R : List<N>; public sealed record N(int X);", "public sealed class R : List<N>; public sealed record N(int Y);"),
        new("A part of a tuple, which serializers other than JSON can write", "public sealed record N(int X);", "public sealed record N(int Y);", Type: "(int, N)"),
        new("The innermost of many generic types", $"public sealed record G<T>(T A); public sealed record N(int X); public sealed record R({Deep} A);", $"public sealed record G<T>(T A); public sealed record N(int Y); public sealed record R({Deep} A);"),
        new("A type without end", "public sealed record G<T>(T A, G<G<T>>? Next); public sealed record R(G<int> A);", "public sealed record G<T>(T B, G<G<T>>? Next); public sealed record R(G<int> A);"),

        new("Derived types, and nothing is changed", Car + "public sealed class C : R { public R? Next { get; set; } }", Car + "public sealed class C : R { public R? Next { get; set; } public int Twice => 2 * Wheels; }", IsSame: true),
        new("A derived type that the base does not name", "public class R { public int A { get; set; } } public sealed class C : R { public int X { get; set; } }", "public class R { public int A { get; set; } } public sealed class C : R { public int Y { get; set; } }", IsSame: true),
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
            using System.Text.Json.Serialization;
            using Memoize;
            {{declarations}}
            public static class S { [Cached(Ttl = 9, Tiers = "disk")] public static {{type}} M(int a) => Make(a); [NotInKey] static Func<int, {{type}}> Make = null!; }
            """));
        var shape = Regex.Match(run.GeneratedText, "tiers: new\\((0x[0-9a-fA-F]{16})UL");
        Assert.True(shape.Success, run.GeneratedText);
        return shape.Groups[1].Value;
    }
}
