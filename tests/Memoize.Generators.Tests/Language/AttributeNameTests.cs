using Memoize.Generators.Tests.Bodies;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Language;

/// <summary>The attributes under other names, and where they are not but might be expected: derived, inherited.</summary>
public sealed class AttributeNameTests
{
    static readonly Shape[] _shapes =
    [
        new("An attribute by an alias of its file, with and without its ending, and by its full name",
            """
            using Remember = Memoize.CachedAttribute;
            public static class S
            {
                [Remember(Ttl = 60)] public static int A(int a) => Probe.Call(a);
                [global::Memoize.CachedAttribute] public static int B(int a) => Probe.Call(a);
                [Memoize.Cached] public static int C(int a) => Probe.Call(a);
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.A(1), S.B(1), S.C(1));",
            "1 1 1 1 1 1", 3, 6),

        new("An attribute by an alias of all files, and by an alias of the namespace",
            "public static partial class S { [Remember] public static int A(int a) => Probe.Call(a); [M.Cached] public static int B(int a) => Probe.Call(a); [M::Cached] public static partial int C(int a); static int CCore(int a) => Probe.Call(a); }",
            "for (var i = 0; i < 2; i++) Say(S.A(1), S.B(1), S.C(1));",
            "1 1 1 1 1 1", 3)
        {
            More = [("Aliases.cs", "global using Remember = Memoize.CachedAttribute; global using M = Memoize;")],
        },

        new("What evicts, updates, asks for many and evicts by a tag under another name",
            """
            using Forgets = Memoize.EvictsAttribute; using Renews = Memoize.UpdatesAttribute; using ForgetsAll = Memoize.EvictsTagAttribute; using Many = Memoize.CachedBatchAttribute; using Key = Memoize.CacheKeyAttribute; using Left = Memoize.NotInKeyAttribute;
            public static class S
            {
                [Cached(Tags = new[] { "all" })] public static int M([Key] int id, [Left] object? why = null) => Probe.Call(id);
                [Many(nameof(M))] public static Dictionary<int, int> All(int[] ids) => ids.ToDictionary(id => id, id => Probe.Call(id));
                [Forgets(nameof(M))] public static void Remove(int id) { }
                [Renews(nameof(M))] public static int Set(int id) => id;
                [ForgetsAll("all")] public static void Reset() { }
            }
            """,
            "S.M(1); S.All([1, 2]); S.M(2); S.Remove(1); S.Set(1); S.M(1); S.Remove(1); S.M(1); S.Reset(); Say(S.M(1));",
            "1", 4, 7),

        new("An interface whose attributes have other names",
            "using Remember = Memoize.CachedAttribute; using Decorated = Memoize.CachedDecoratorAttribute; [Decorated(Name = \"Front\")] public interface I { [Remember] int M(int a); } public sealed class C : I { public int M(int a) => Probe.Call(a); }",
            "var front = new Front(new C()); Say(front.M(1), front.M(1));",
            "1 1", 1),

        new("An attribute on an override beside that of what it overrides",
            "public class B { [Cached] public virtual int M(int a) => Probe.Call(a); } public class D : B { [Cached(Ttl = 60)] public override int M(int a) => Probe.Call(a + 1); }",
            "B b = new D(); Say(new D().M(1), new D().M(1), new B().M(1), new B().M(1), b.M(1), b.M(1));",
            "2 2 1 1 2 2", 3, 6),

        new("A method that is inherited and not overridden",
            "public class B { [Cached] public int M(int a) => Probe.Call(a); } public sealed class D : B { public int N(int a) => M(a); }",
            "Say(new D().M(1), new D().N(1), new B().M(1));",
            "1 1 1", 1, 3),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task It_is_read_all_the_same(string name) => Table.Verify(_shapes, name);

    const string B = "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); }\npublic class D : B { public override string M(int a) => string.Concat(a, 1); }\n";
    const string Said = "it is bound to the override 'D.M(int)', and attributes are not inherited; give the override one of its own";

    static readonly BodyCase[] _overrides =
    [
        new("A call of an override without an attribute", B + "public static class U { public static string Go(D d) => d.M(1); }", "M") { Says = ["'B.M(int)' is not cached: " + Said] },
        new("A call that may be none", B + "public static class U { public static string? Go(D? d) => d?.M(1); }", "M") { Says = [Said] },
        new("A delegate of an override", B + "public static class U { public static object Go(int[] all, D d) => all.Select(d.M).ToList(); }", "d.M") { Says = [Said] },
        new("A call from the type itself", B + "public class E : D { public string Go() => M(1); }", "M") { Says = [Said] },
        new("A call of the base that is an override", B + "public class E : D { public override string M(int a) => base.M(a); }", "M") { Says = [Said] },
        new("An override of a generic type's", "public class B<T> where T : IEquatable<T> { [Cached] public virtual string M(T a) => $\"{a}\"; } public sealed class D : B<int> { public override string M(int a) => string.Concat(a, 1); } public static class U { public static string Go(D d) => d.M(1); }", "M") { Says = [Said] },
        new("An override in place of a partial method", "public partial class B { [Cached] public virtual partial string M(int a); string MCore(int a) => string.Concat(a, a); } public class D : B { public override string M(int a) => string.Concat(a, 1); } public static class U { public static string Go(D d) => d.M(1); }", "M") { Says = [Said] },
        new("An override of what evicts", "public class B { [Cached] public string M(int a) => string.Concat(a, a); [Evicts(nameof(M))] public virtual void Set(int a) { } } public sealed class D : B { public override void Set(int a) { } } public static class U { public static void Go(D d) => d.Set(1); }", "Set") { Says = ["'B.Set(int)' evicts nothing: it is bound to the override 'D.Set(int)'"] },

        new("A call of what is overridden", B + "public static class U { public static string Go(B b) => b.M(1); }"),
        new("An override with an attribute", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public class D : B { [Cached] public override string M(int a) => string.Concat(a, 1); } public static class U { public static string Go(D d) => d.M(1); }"),
        new("An override of what is not annotated", "public class B { public virtual string M(int a) => string.Concat(a, a); } public class D : B { public override string M(int a) => string.Concat(a, 1); } public static class S { [Cached] public static string M(int a) => string.Concat(a, a); } public static class U { public static string Go(D d) => d.M(1); }"),
        new("A method that hides another", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public class D : B { public new string M(int a) => string.Concat(a, 1); } public static class U { public static string Go(D d) => d.M(1); }"),
        new("An override with attributes of its own, which make it another method to call", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); [Evicts(nameof(M))] public virtual void Set(int a) { } } public class D : B { [Evicts(nameof(M))] public override void Set(int a) { } } public static class U { public static void Go(D d) => d.Set(1); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Overrides => RuleCase.Names(_overrides);

    [Theory, MemberData(nameof(Overrides))]
    public Task An_override_does_not_inherit_it_and_its_calls_say_so(string name) => RuleCase.Verify(_overrides, name, "MEMO1001");

    [Theory]
    [InlineData("CachedAttribute")]
    [InlineData("CachedBatchAttribute")]
    [InlineData("EvictsAttribute")]
    [InlineData("UpdatesAttribute")]
    [InlineData("EvictsTagAttribute")]
    [InlineData("CachedDecoratorAttribute")]
    [InlineData("CacheKeyAttribute")]
    [InlineData("NotInKeyAttribute")]
    public void One_of_the_user_s_own_does_not_compile(string attribute)
    {
        var compilation = Sources.Compile(new Setup(), ("Code.cs", $"public class RememberAttribute() : {attribute}(\"x\");"));
        Assert.Contains(compilation.GetDiagnostics(TestContext.Current.CancellationToken), finding => finding.Id == "CS0509");
    }
}
