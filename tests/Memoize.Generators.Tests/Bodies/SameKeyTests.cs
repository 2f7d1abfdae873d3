namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0601: a call that waits for itself.</summary>
public sealed class SameKeyTests
{
    static readonly BodyCase[] _reported =
    [
        new("A static method", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : M(a); }", "M(a)"),
        new("An instance method", "public sealed class C { [Cached] public int M(int a) => a == 0 ? 0 : M(a); }", "M(a)"),
        new("An instance method through this", "public sealed class C { [Cached] public int M(int a) => a == 0 ? 0 : this.M(a); }", "this.M(a)"),
        new("An override", "public abstract class B { public abstract int M(int a); } public sealed class C : B { [Cached] public override int M(int a) => a == 0 ? 0 : M(a); }", "M(a)"),
        new("A cache per instance", "public sealed class C { int _x; public void Set() => _x = 1; [Cached(PerInstance = true)] public int M(int a) => a == _x ? 0 : M(a); }", "M(a)"),
        new("A second try", "public static class S { static Task<string> Load(int a) => Task.FromResult(a.ToString()); [Cached] public static async Task<string> M(int a) { try { return await Load(a); } catch (InvalidOperationException) { return await M(a); } } }", "M(a)"),
        new("A second try with a number that is not in the key", "public static class S { [Cached] public static int M(int a, [NotInKey] int attempt) => attempt > 3 ? a : M(a, attempt + 1); }", "M(a, attempt + 1)"),
        new("Another token", "public static class S { [Cached] public static async Task<int> M(int a, CancellationToken ct = default) { await Task.Yield(); return a == 0 ? 0 : await M(a); } }", "M(a)"),
        new("Named arguments", "public static class S { [Cached] public static int M(int a, string b) => a == 0 ? 0 : M(b: b, a: a); }", "M(b: b, a: a)"),
        new("No arguments", "public static class S { [Cached] public static int M() => Environment.ProcessorCount > 1 ? 1 : M(); }", "M()"),
        new("A generic method", "public static class S { [Cached] public static int M<T>(T a) where T : IEquatable<T> => a is null ? 0 : M(a); }", "M(a)"),
        new("A generic type", "public sealed class G<T> { [Cached] public int M(int a) => a == 0 ? 0 : M(a); }", "M(a)"),
        new("An extension method", "public static class E { [Cached] public static int M(this string a) => a.Length == 0 ? 0 : a.M(); }", "a.M()"),
        new("The core of a partial method", "public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => a == 0 ? 0 : M(a); }", "M(a)"),
        new("A branch that is never taken", "public static class S { [Cached] public static int M(int a) { if (false) { return M(a); } return a; } }", "M(a)"),
        new("The task is not awaited", "public static class S { [Cached] public static async Task<int> M(int a) { var t = M(a); await Task.Yield(); return await t; } }", "M(a)"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("Another argument", "public static class Fib { [Cached] public static long Of(int n) => n < 2 ? n : Of(n - 1) + Of(n - 2); }"),
        new("Arguments change places", "public static class S { [Cached] public static int M(int a, int b) => a < b ? M(b, a) : a; }"),
        new("A parameter that has another value by now", "public static class S { [Cached] public static int M(int a) { a--; return a < 0 ? 0 : M(a); } }"),
        new("A parameter that is assigned in a lambda", "public static class S { [Cached] public static int M(int a) { Action down = () => a--; down(); return a < 0 ? 0 : M(a); } }"),
        new("A parameter that is changed through a reference", "public static class S { static void Down(ref int a) => a--; [Cached] public static int M(int a) { Down(ref a); return a < 0 ? 0 : M(a); } }"),
        new("A struct of which a member has another value", "public record struct P(int X); public static class S { [Cached] public static int M(P p) { p.X--; return p.X < 0 ? 0 : M(p); } }"),
        new("Another overload", "public static class S { [Cached] public static int M(int a) => M(a, 1); [Cached] public static int M(int a, int b) => M((long)a, b); public static int M(long a, int b) => 1; }"),
        new("A default value", "public static class S { [Cached] public static int M(int a, int b = 0) => b == 0 ? 1 : M(a); }"),
        new("The handle without the cache", "public static class S { [Cached] public static int M(int a) => a; [Cached] public static int N(int a) => a == 0 ? 1 : O(a); static int O(int a) => N(a - 1); }"),
        new("Another instance", "public sealed class C { [Cached] public int M(int a) => a == 0 ? 0 : new C().M(a); }"),
        new("The method of the base class", "public class B { [Cached] public virtual int M(int a) => a; } public sealed class C : B { public override int M(int a) => base.M(a); }"),
        new("A lambda for later", "public static class S { static Func<int>? _later; [Cached] public static int M(int a) { var f = () => M(a); return f is null ? 1 : a; } }"),
        new("Another type argument", "public static class S { [Cached] public static int M<T>(int a) => a == 0 ? 0 : M<string>(a); }"),
        new("Another constructed type", "public static class G<T> { [Cached] public static int M(int a) => a == 0 ? 0 : G<string>.M(a); }"),
        new("A member in the key that may have changed", "public sealed class C { [CacheKey] public int Page { get; set; } [Cached] public int M(int a) { [NotInKeyOnly] static void X() { } X(); Page++; return Page > 3 ? a : M(a); } } public sealed class NotInKeyOnlyAttribute : Attribute;"),
        new("A private member in the key of an override", "public abstract class B { public abstract int M(int a); } public sealed class C : B { [CacheKey] int _page; [Cached] public override int M(int a) { _page++; return _page > 3 ? a : M(a); } }"),
        new("A list of the instance that may have changed", "public abstract class B { public abstract int M(int a); } public sealed class C : B { [CacheKey(Structural = true)] readonly List<int> _left = [1]; [Cached] public override int M(int a) { _left.RemoveAt(0); return _left.Count == 0 ? a : M(a); } }"),
        new("A list that may have changed", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> a) { a.RemoveAt(0); return a.Count == 0 ? 0 : M(a); } }"),
        new("Members of an object that may have changed", "public sealed class R { public int Page { get; set; } } public static class S { [Cached] public static int M([CacheKey(\"Page\")] R r) { r.Page--; return r.Page == 0 ? 0 : M(r); } }"),
        new("Only the name", "public static class S { [Cached] public static string M(int a) => nameof(M) + a; }"),
    ];

    static readonly BodyCase[] _circles =
    [
        new("Two static methods", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : N(a); [Cached] public static int N(int b) => b == 1 ? 1 : M(b); }", "N(a)", "M(b)") { Says = ["'S.M(int)' is called again by 'S.N(int)' with the key", "'S.N(int)' is called again by 'S.M(int)'"] },
        new("Three methods", "public static class S { [Cached] public static int M(int a) => N(a); [Cached] public static int N(int a) => O(a); [Cached] public static int O(int a) => a == 0 ? 0 : M(a); }", "N(a)", "O(a)", "M(a)") { Says = ["'S.M(int)' is called again by 'S.O(int)', by way of 'S.N(int)' with"] },
        new("A helper that is not cached", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : Again(a, 1); static int Again(int a, int attempt) => attempt > 3 ? 0 : M(a); }", "Again(a, 1)"),
        new("Methods of two types", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : T.N(a); } public static class T { [Cached] public static int N(int a) => a == 1 ? 1 : S.M(a); }", "T.N(a)", "S.M(a)"),
        new("An instance", "public sealed class C { [Cached] public int M(int a) => a == 0 ? 0 : N(a); [Cached] public int N(int a) => a == 1 ? 1 : this.M(a); }", "N(a)", "this.M(a)"),
        new("A virtual method and a private one", "public class C { [Cached(PerInstance = true)] public virtual int M(int a) => a == 0 ? 0 : N(a); [Cached(PerInstance = true)] private int N(int a) => a == 1 ? 1 : M(a); }", "N(a)"),
        new("Arguments that change places, and back", "public static class S { [Cached] public static int M(int a, int b) => a == 0 ? 0 : N(b, a); [Cached] public static int N(int x, int y) => x == 1 ? 1 : M(y, x); }", "N(b, a)", "M(y, x)"),
        new("More arguments, and named ones", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : N(more: \"x\", b: a); [Cached] public static int N(int b, string more) => more.Length == b ? 1 : M(a: b); }", "N(more: \"x\", b: a)"),
        new("Methods that wait", "public static class S { [Cached] public static async Task<int> M(int a, CancellationToken ct) { await Task.Yield(); return a == 0 ? 0 : await N(a, ct); } [Cached] public static async ValueTask<int> N(int a, CancellationToken ct) => a == 1 ? 1 : await M(a, default); }", "N(a, ct)", "M(a, default)"),
        new("The core of a partial method", "public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => a == 0 ? 0 : N(a); [Cached] public static int N(int a) => a == 1 ? 1 : M(a); }", "N(a)", "M(a)"),
        new("No arguments", "public static class S { [Cached] public static int M() => Environment.ProcessorCount > 1 ? 1 : N(1); [Cached] public static int N(int a) => a == 1 ? M() : 2; }", "N(1)"),
        new("A generic type", "public sealed class G<T> { [Cached] public int M(int a) => a == 0 ? 0 : N(a); [Cached] public int N(int a) => a == 1 ? 1 : M(a); }", "N(a)", "M(a)"),
    ];

    static readonly BodyCase[] _noCircles =
    [
        new("Another argument on one side", "public static class P { [Cached] public static bool Even(int n) => n == 0 || Odd(n - 1); [Cached] public static bool Odd(int n) => n != 0 && Even(n); }"),
        new("Arguments that change places once", "public static class S { [Cached] public static int M(int a, int b) => a == 0 ? 0 : N(a, b); [Cached] public static int N(int a, int b) => a == 1 ? 1 : M(b, a); }"),
        new("A parameter that has another value by now", "public static class S { [Cached] public static int M(int a) => a <= 0 ? 0 : N(a); [Cached] public static int N(int a) { a--; return M(a); } }"),
        new("Another instance", "public sealed class C { [Cached] public int M(int a) => a == 0 ? 0 : N(a); [Cached] public int N(int a) => a == 1 ? 1 : new C().M(a); }"),
        new("An instance that a static method was given", "public sealed class C { [Cached(PerInstance = true)] public int M(int a) => a == 0 ? 0 : Help(this, a); static int Help(C c, int a) => c.M(a); }"),
        new("What can be overridden", "public class C { [Cached(PerInstance = true)] public int M(int a) => a == 0 ? 0 : N(a); [Cached(PerInstance = true)] public virtual int N(int a) => M(a - 1); } public sealed class D : C { public override int N(int a) => a; }"),
        new("A lambda for later", "public static class S { [Cached] public static Func<int> M(int a) => N(a); static Func<int> N(int a) => () => M(a)(); }"),
        new("A method that only calls one way", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : N(a); [Cached] public static int N(int a) => a == 1 ? 1 : O(a); static int O(int a) => Math.Max(a, 2); }"),
        new("Helpers that call each other and not the cached one", "public static class S { [Cached] public static int M(int a) => a == 0 ? 0 : N(a); static int N(int a) => a == 1 ? 1 : O(a); static int O(int a) => a == 2 ? 2 : N(a); }"),
        new("A tenant that may be another one's", "[assembly: CacheVaryBy(\"tenant\", typeof(T), \"Id\")] public static class T { static readonly AsyncLocal<string?> V = new(); public static string? Id => V.Value; } public static class S { [Cached(VaryBy = \"tenant\")] public static int M(int a) => a == 0 ? 0 : N(a); static int N(int a) => M(a); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Circles => BodyCase.Names(_circles);
    public static IEnumerable<TheoryDataRow<string>> NoCircles => BodyCase.Names(_noCircles);

    [Theory, MemberData(nameof(Circles))]
    public Task A_call_that_comes_back_with_the_key_of_the_running_call_is_warned_of(string name) => BodyCase.Verify(_circles, name, "MEMO0602");

    [Theory, MemberData(nameof(NoCircles))]
    public Task Any_other_circle_is_not(string name) => BodyCase.Verify(_noCircles, name, "MEMO0602");

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task A_call_with_the_key_of_the_running_call_is_an_error(string name) => BodyCase.Verify(_reported, name, "MEMO0601");

    [Theory, MemberData(nameof(Silent))]
    public Task Any_other_recursion_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0601");
}
