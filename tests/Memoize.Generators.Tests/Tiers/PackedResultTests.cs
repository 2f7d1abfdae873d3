using Memoize.Generators.Tests.Advice;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>MEMO1103: what MemoryPack would lose of a result.</summary>
public sealed class PackedResultTests
{
    /// <summary>MemoryPack, as far as the rule looks at it, and the package that stores with it.</summary>
    const string Packing =
        """
        namespace MemoryPack
        {
            public enum GenerateType { Object, VersionTolerant, CircularReference, Collection, NoGenerate }
            [AttributeUsage(AttributeTargets.All)] public sealed class MemoryPackableAttribute(GenerateType type = GenerateType.Object) : Attribute { public GenerateType Type => type; }
            [AttributeUsage(AttributeTargets.All, AllowMultiple = true)] public sealed class MemoryPackUnionAttribute(ushort tag, Type type) : Attribute { public ushort Tag => tag; public Type Type => type; }
            [AttributeUsage(AttributeTargets.All)] public sealed class MemoryPackIgnoreAttribute : Attribute;
            [AttributeUsage(AttributeTargets.All)] public sealed class MemoryPackIncludeAttribute : Attribute;
            [AttributeUsage(AttributeTargets.All)] public sealed class MemoryPackConstructorAttribute : Attribute;
            [AttributeUsage(AttributeTargets.All)] public abstract class MemoryPackCustomFormatterAttribute<T> : Attribute;
            public sealed class OwnFormatterAttribute : MemoryPackCustomFormatterAttribute<object>;
        }
        """;

    const string Package = "namespace Memoize.MemoryPack { public sealed class MemoryPackSerializerFactory; }";

    static AdviceCase Result(string declarations, params string[] expected) => Result("R", declarations, expected);

    static AdviceCase Result(string type, string declarations, string[] expected) => new(
        $"{type}: {declarations}", "MEMO1103", $"using MemoryPack;\n#pragma warning disable MEMO1102\n{declarations}\npublic static class S {{ [Cached(Ttl = 9, Tiers = \"disk\")] public static {type} M(int a) => Make(a); [NotInKey] static Func<int, {type}> Make = null!; }}", expected)
    {
        More = Packing + Package,
    };

    const string Pet = "[MemoryPackable] public partial class R { public int Legs { get; set; } } [MemoryPackable] public sealed partial class Dog : R { public string Sound { get; set; } = \"\"; } ";

    static readonly AdviceCase[] _cases =
    [
        Result("[MemoryPackable] public sealed partial record R(int A, IReadOnlyList<R> B, Dictionary<string, DateTime?> C);"),
        Result("[MemoryPackable] public sealed partial class R { public int A { get; set; } public int Twice => 2 * A; [MemoryPackInclude] private int _b; public int B() => _b++; }"),
        Result("[MemoryPackable] public sealed partial class R { public int A { get; set; } [MemoryPackIgnore] public string B { get; set; } = \"\"; }",
            "The result of 'S.M(int)' is stored by MemoryPack where a tier uses that, and may come back as something else: 'R' has 'B', which MemoryPack leaves out, because it is [MemoryPackIgnore]"),
        Result("[MemoryPackable] public sealed partial class R { public int A { get; set; } [MemoryPackIgnore] public int Twice => 2 * A; }"),
        Result("[MemoryPackable] public sealed partial class R { [MemoryPackIgnore] [field: NonSerialized] public int A { get; set; } [NonSerialized] private int _b; public int B() => _b++; }"),
        Result("[MemoryPackable] public sealed partial class R { private int _b; public int B() => _b++; }", "'R' keeps something in '_b', which is not public"),
        Result("[MemoryPackable] public sealed partial class R { public int A { get; } = 1; }", "'R' has 'A', which MemoryPack cannot set"),
        Result("[MemoryPackable] public sealed partial class R(int a) { public int A { get; } = a; }"),
        Result("[MemoryPackable] public sealed partial class R { public R() { } [MemoryPackConstructor] public R(int a) => A = a; public int A { get; } }"),
        Result("[MemoryPackable] public sealed partial record R(List<N?> A); [MemoryPackable] public sealed partial class N { [MemoryPackIgnore] public int X { get; set; } }", "R.A is 'N', which has 'X'"),
        Result("[MemoryPackable] public sealed partial record R([property: OwnFormatter] N A); [MemoryPackable] public sealed partial class N { [MemoryPackIgnore] public int X { get; set; } }"),
        Result("[MemoryPackable(GenerateType.NoGenerate)] public sealed partial class R { [MemoryPackIgnore] public int X { get; set; } }"),
        Result("[MemoryPackable] public partial struct R { private int _a; public int A() => _a++; }"),
        Result(Pet, "'R' may be a 'Dog', of which MemoryPack keeps what 'R' has"),
        Result("Q", Pet + "[MemoryPackable] public sealed partial record Q(R[] A);", ["Q.A is 'R', which may be a 'Dog'"]),
        Result("[MemoryPackable, MemoryPackUnion(0, typeof(Dog))] public abstract partial class R; [MemoryPackable] public sealed partial class Dog : R { public int A { get; set; } }"),
        Result("[MemoryPackable, MemoryPackUnion(0, typeof(Dog))] public partial interface R; [MemoryPackable] public sealed partial class Dog : R { [MemoryPackIgnore] public int A { get; set; } }", "'Dog' has 'A'"),
        Result("[MemoryPackable] public partial class R { public int A { get; set; } }"),
        Result("public sealed class R { [MemoryPackIgnore] public int A { get; set; } }"),
        Result("[MemoryPackable] public sealed partial class R { [MemoryPackIgnore] public int A { get; set; } } // and no package that stores with it") with { More = Packing },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task What_MemoryPack_loses(string name) => AdviceCase.Verify(_cases, name);
}
