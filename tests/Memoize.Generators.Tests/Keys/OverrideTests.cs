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
}
