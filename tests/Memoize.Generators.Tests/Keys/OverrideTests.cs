using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>An override runs behind the key that was made for the method that it overrides.</summary>
public sealed class OverrideTests
{
    public static TheoryData<string, string> Overrides => new()
    {
        { "", "public class B { [CacheKey] public readonly string X = \"x\"; [Cached] public virtual string M(int a) => X + a; } public class D : B { public override string M(int a) => a + X; }" },
        { "", "public class B<T> where T : IEquatable<T> { [CacheKey] public readonly T? X; [Cached] public virtual string M(int a) => $\"{X}{a}\"; } public class D : B<int> { public override string M(int a) => $\"{a}{X}\"; }" },
        { "", "public class B { [Cached(PerInstance = true)] public virtual string M(int a) => \"b\" + a; } public class D(string x) : B { [CacheKey] readonly string _x = x; public override string M(int a) => _x + a; }" },
        { "", "public partial class B { [CacheKey] public readonly string X = \"x\"; [Cached] public virtual partial string M(int a); string MCore(int a) => X + a; } public class D : B { public override string M(int a) => a + X; }" },
        { "'_x', which is not in the key of the overridden method", "public class B { [Cached] public virtual string M(int a) => \"b\" + a; } public class D(string x) : B { [CacheKey] readonly string _x = x; public override string M(int a) => _x + a; }" },
        { "'X', which is not in the key of the overridden method", "public class B { [CacheKey] public readonly string X = \"x\"; [Cached] public virtual string M(int a) => \"b\" + a; } public class D : B { public override string M(int a) => X + a; }" },
    };

    [Theory, MemberData(nameof(Overrides))]
    public async Task A_member_that_only_the_override_reads_is_in_no_key(string state, string code)
    {
        var diagnostics = (await AnalyzerRun.Of(new Setup(), ("Code.cs", code))).Where(diagnostic => diagnostic.Id == "MEMO0104").ToList();
        if (state.Length == 0)
            Assert.Empty(diagnostics);
        else
            Assert.Contains(state, Assert.Single(diagnostics).GetMessage(null), StringComparison.Ordinal);
    }

    const string Tenant = "[assembly: CacheVaryBy(\"tenant\", typeof(T), \"Id\")] public static class T { static readonly AsyncLocal<string?> V = new(); public static string? Id => V.Value; public static string? Raw => V.Value; } ";
    const string User = "public interface ICurrentUser { string Id { get; } } ";
    const string Virtual = "public class B { [Cached(@)] public virtual string M(int a) => \"b\" + a; } ";
    const string Interface = "public interface I { [Cached(@)] string M(int a); } ";
    const string Batch = "public static class S { [Cached(@)] public static string M(int a) => string.Concat(a, a); [CachedBatch(nameof(M))] public static Dictionary<int, string> All(int[] all) => all.ToDictionary(a => a, a => # + a); }";

    static string With(string code, string options, string read = "") => code.Replace("@", options, StringComparison.Ordinal).Replace("#", read, StringComparison.Ordinal);

    static readonly Bodies.BodyCase[] _reads =
    [
        new("MEMO0112: an override", Tenant + With(Virtual, "") + "public class D : B { public override string M(int a) => T.Id + a; }", "T.Id") { Says = ["'B.M(int)' in its override 'D.M(int)' reads 'T.Id'", "VaryBy = \"tenant\""] },
        new("MEMO0112: an override of an override", Tenant + With(Virtual, "") + "public class D : B { public override string M(int a) => \"d\" + a; } public class E : D { public override string M(int a) => T.Id + a; }", "T.Id"),
        new("MEMO0112: an override of one that varies", Tenant + With(Virtual, "VaryBy = \"tenant\"") + "public class D : B { public override string M(int a) => T.Id + a; }"),
        new("MEMO0112: an override with an attribute of its own", Tenant + With(Virtual, "") + "public class D : B { [Cached(VaryBy = \"tenant\")] public override string M(int a) => T.Id + a; }"),
        new("MEMO0112: a method that hides another", Tenant + With(Virtual, "") + "public class D : B { public new string M(int a) => T.Id + a; }"),
        new("MEMO0112: an implementation", Tenant + With(Interface, "") + "public sealed class C : I { public string M(int a) => T.Id + a; }", "T.Id") { Says = ["'I.M(int)' in its implementation 'C.M(int)'"] },
        new("MEMO0112: an explicit implementation", Tenant + With(Interface, "") + "public sealed class C : I { string I.M(int a) => T.Id + a; }", "T.Id"),
        new("MEMO0112: an implementation of one that varies", Tenant + With(Interface, "VaryBy = \"tenant\"") + "public sealed class C : I { public string M(int a) => T.Id + a; }"),
        new("MEMO0112: an implementation of one for which it does not matter", Tenant + With(Interface, "VaryBy = \"-tenant\"") + "public sealed class C : I { public string M(int a) => T.Id + a; }"),
        new("MEMO0112: a method of the same name that implements nothing", Tenant + With(Interface, "") + "public sealed class C { public string M(int a) => T.Id + a; }"),
        new("MEMO0112: a batch", Tenant + With(Batch, "", "T.Id"), "T.Id"),
        new("MEMO0112: a batch of one that varies", Tenant + With(Batch, "VaryBy = \"tenant\"", "T.Id")),
        new("MEMO0502: an override", User + With(Virtual, "") + "public class D(ICurrentUser user) : B { public override string M(int a) => user.Id + a; }", "user.Id"),
        new("MEMO0502: an implementation", User + With(Interface, "") + "public sealed class C(ICurrentUser user) : I { public string M(int a) => user.Id + a; }", "user.Id"),
        new("MEMO0502: an implementation past the declared source", Tenant + With(Interface, "VaryBy = \"tenant\"") + "public sealed class C : I { public string M(int a) => T.Raw + a; }", "T.Raw"),
        new("MEMO0502: a batch of one that varies", Tenant + With(Batch, "VaryBy = \"tenant\"", "T.Id")),
        new("MEMO0502: a batch past the declared source", Tenant + With(Batch, "VaryBy = \"tenant\"", "T.Raw"), "T.Raw"),
        new("MEMO0501: an implementation", With(Interface, "") + "public sealed class C : I { public string M(int a) => DateTime.UtcNow.Ticks + \"\" + a; }", "DateTime.UtcNow"),
        new("MEMO0505: an implementation that counts its calls", With(Interface, "") + "public sealed class Fake : I { public int Calls { get; private set; } public string M(int a) { Calls++; return string.Concat(a, a); } }"),
        new("MEMO0503: a batch of one that varies by culture", "using System.Globalization; [assembly: CacheVaryBy(\"culture\", typeof(CultureInfo), \"CurrentCulture\")] " + With(Batch, "VaryBy = \"culture\"", "CultureInfo.CurrentCulture.Name")),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reads => Bodies.BodyCase.Names(_reads);

    [Theory, MemberData(nameof(Reads))]
    public Task What_runs_behind_a_cache_is_judged_by_its_key(string name) => Bodies.BodyCase.Verify(_reads, name, name[..8]);

    [Fact]
    public async Task The_fix_varies_where_the_attribute_is()
    {
        using var solution = CodeFixes.FixedSolution.Of(Tenant + With(Virtual, "") + "public class D : B { public override string M(int a) => T.Id + a; }");
        await solution.Apply("MEMO0112", "Vary by 'tenant'");
        Assert.Contains("[Cached(VaryBy = \"tenant\")] public virtual", solution.Text(), StringComparison.Ordinal);
        await solution.Verify("MEMO0112");
    }
}
