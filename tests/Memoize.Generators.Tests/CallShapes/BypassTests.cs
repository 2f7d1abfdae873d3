using Memoize.Generators.Tests.Bodies;
using Memoize.Generators.Tests.CodeFixes;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>MEMO1001: every way past the plain door, said at its place with its reason, and closed by making the method partial.</summary>
public sealed class BypassTests
{
    const string S = "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }\n";
    const string C = "public class C { [Cached] public string M(int a) => string.Concat(a, a); }\n";
    const string I = "interface I { string M(int a); } class C : I { [Cached] public string M(int a) => string.Concat(a, a); }\n";
    const string B = "abstract class B { public abstract string M(int a); } class D : B { [Cached] public override string M(int a) => string.Concat(a, a); }\n";
    const string Reflected = "using System.Reflection;\n" + S;

    const string Described = "public sealed class Described { public Described Select<T>(System.Linq.Expressions.Expression<Func<int, T>> f) => this; public Described SelectMany<T>(System.Linq.Expressions.Expression<Func<int, Described>> f, System.Linq.Expressions.Expression<Func<int, int, T>> g) => this; }\n";

    static BodyCase By(string name, string code, string place, string reason) => new(name, code, place) { Says = [reason] };

    static BodyCase Found(string name, string expression, string reason = "reflection finds the original; make the method partial") =>
        By(name, Reflected + $"public static class U {{ public static object? Go() => {expression}; }}", "M", reason);

    static readonly BodyCase[] _bypasses =
    [
        By("A method group", S + "public static class U { public static object Go(int[] all) => all.Select(S.M).ToList(); }", "S.M", "a delegate reaches the original"),
        By("A method group of an instance", C + "public static class U { public static object Go(int[] all, C c) => all.Select(c.M).ToList(); }", "c.M", "a delegate reaches the original"),
        By("A delegate", S + "public static class U { public static readonly Func<int, string> F = S.M; }", "S.M", "a delegate reaches the original"),
        By("A delegate that is created", S + "public static class U { public static object Go() => new Func<int, string>(S.M); }", "S.M", "a delegate reaches the original"),
        By("A pointer to a function", S + "public static unsafe class U { public static string Go() { delegate*<int, string> f = &S.M; return f(1); } }", "S.M", "a delegate reaches the original"),
        By("An event", S + "public static class U { public static event Func<int, string>? E; public static string? Go() { E += S.M; return E(1); } }", "S.M", "a delegate reaches the original"),
        By("A delegate of any kind", S + "public static class U { static void Map(string path, Delegate handler) { } public static void Go() => Map(\"/\", S.M); }", "S.M", "a delegate reaches the original"),
        By("An expression tree", S + "public static class U { public static object Go() { System.Linq.Expressions.Expression<Func<int, string>> e = a => S.M(a); return e; } }", "M", "it stands in an expression tree"),
        By("A query that is translated", S + "public static class U { public static object Go(IQueryable<int> all) => from a in all select S.M(a); }", "M", "it stands in an expression tree"),
        By("A query that somebody else translates", S + Described + "public static class U { public static object Go(Described all) => from a in all select S.M(a); }", "M", "it stands in an expression tree"),
        By("A query that somebody else translates in part", S + Described + "public static class U { public static object Go(Described all) => from a in all from b in all select S.M(a + b); }", "M", "it stands in an expression tree"),
        By("A call of the base", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public class D : B { public string N() => base.M(1); }", "M", "'base' asks for exactly this implementation"),
        By("A receiver of a type parameter", C + "public static class U { public static string Go<T>(T c) where T : C => c.M(1); }", "M", "its receiver is of the type parameter 'T'"),
        By("An argument that is dynamic", S + "public static class U { public static string Go(dynamic a) => S.M(a); }", "S.M(a)", "because an argument is dynamic; cast the argument"),
        By("A receiver that is dynamic", C + "public static class U { public static string Go(dynamic c) => c.M(1); }", "c.M(1)", "because its receiver is dynamic; cast the receiver to 'C', or make the method partial"),
        By("A receiver that was made dynamic", C + "public static class U { public static string Go() { dynamic c = new C(); return c.M(1); } }", "c.M(1)", "because its receiver is dynamic"),
        By("A receiver that is cast to dynamic", C + "public static class U { public static string Go(C c) => ((dynamic)c).M(1); }", "((dynamic)c).M(1)", "because its receiver is dynamic"),
        By("An interface", I + "static class U { public static string Go(I i) => i.M(1); }", "M", "it goes through the interface 'I', which knows nothing of the cache; make the method partial"),
        By("An interface that may be null", I + "static class U { public static string? Go(I? i) => i?.M(1); }", "M", "it goes through the interface 'I'"),
        By("An interface as a constraint", I + "static class U { public static string Go<T>(T i) where T : I => i.M(1); }", "M", "it goes through the interface 'I'"),
        By("An interface with a body of its own", "interface I { string M(int a) => \"\"; } class C : I { [Cached] public string M(int a) => string.Concat(a, a); } static class U { public static string Go(I i) => i.M(1); }", "M", "it goes through the interface 'I'"),
        By("A generic interface", "interface I<T> { string M(T a); } class C : I<int> { [Cached] public string M(int a) => string.Concat(a, a); } static class U { public static string Go(I<int> i) => i.M(1); }", "M", "it goes through the interface 'I<T>'"),
        By("A generic interface in generic code", "interface I<T> { string M(T a); } class C : I<int> { [Cached] public string M(int a) => string.Concat(a, a); } static class U { public static string Go<T>(I<T> i, T a) => i.M(a); }", "M", "it goes through the interface 'I<T>'"),
        By("A generic interface through its variance", "interface I<in T> { string M(T a, int b); } class C : I<object> { [Cached] public string M([NotInKey] object a, int b) => string.Concat(b, b); } static class U { public static string Go(I<string> i) => i.M(\"\", 1); }", "M", "it goes through the interface 'I<T>'"),
        By("A generic base class", "abstract class B<T> { public abstract string M(T a); } class D : B<int> { [Cached] public override string M(int a) => string.Concat(a, a); } static class U { public static string Go(B<int> b) => b.M(1); }", "M", "it goes through the base class 'B<T>'"),
        By("An interface that only a derived class names", "interface I { string M(int a); } class C { [Cached] public string M(int a) => string.Concat(a, a); } class D : C, I; static class U { public static string Go(I i) => i.M(1); }", "M", "it goes through the interface 'I'"),
        By("A method group of an interface", I + "static class U { public static object Go(I i, int[] all) => all.Select(i.M).ToList(); }", "i.M", "it goes through the interface 'I'"),
        By("A base class", B + "static class U { public static string Go(B b) => b.M(1); }", "M", "it goes through the base class 'B'"),
        By("A base class two levels up", "abstract class A { public abstract string M(int a); } abstract class B : A; class D : B { [Cached] public override string M(int a) => string.Concat(a, a); } static class U { public static string Go(A a) => a.M(1); }", "M", "it goes through the base class 'A'"),
        By("A primary constructor that is handed an interface", I + "sealed class U(I i) { public string Go() => i.M(1); }", "M", "it goes through the interface 'I'"),
        By("An extension method as a delegate", "public static class E { [Cached] public static string M(this string s, int a) => s + a; } public static class U { public static object Go(int[] all) => all.Select(\"x\".M).ToList(); }", "\"x\".M", "a delegate reaches the original"),
        By("A generic method as a delegate", "public static class S { [Cached] public static string M<T>(T a) where T : IEquatable<T> => $\"{a}\"; } public static class U { public static object Go(int[] all) => all.Select(S.M).ToList(); }", "S.M", "a delegate reaches the original"),

        Found("nameof and reflection", "typeof(S).GetMethod(nameof(S.M))!.Invoke(null, [1])"),
        Found("nameof and reflection with flags", "typeof(S).GetMethod(name: nameof(S.M), bindingAttr: BindingFlags.Static | BindingFlags.Public)"),
        Found("nameof and reflection with types", "typeof(S).GetMethod(nameof(S.M), new[] { typeof(int) })"),
        Found("nameof and a list of types", "typeof(S).GetMethod(nameof(S.M), [typeof(int)])"),
        Found("nameof and a type that is somewhere else", "typeof(string).Assembly.GetType(\"S\")!.GetMethod((nameof(S.M)))"),
        Found("nameof and its members", "typeof(S).GetMember(nameof(S.M))"),
        Found("nameof and the methods at run time", "typeof(S).GetRuntimeMethod(nameof(S.M), [typeof(int)])"),
        Found("nameof and declared methods", "typeof(S).GetTypeInfo().GetDeclaredMethod(nameof(S.M))"),
        Found("nameof and a call by name", "typeof(S).InvokeMember(nameof(S.M), BindingFlags.InvokeMethod, null, null, [1])"),
        Found("nameof and a delegate by name", "Delegate.CreateDelegate(typeof(Func<int, string>), typeof(S), nameof(S.M))"),
        Found("nameof and an expression by name", "System.Linq.Expressions.Expression.Call(typeof(S), nameof(S.M), null, System.Linq.Expressions.Expression.Constant(1))"),
        Found("nameof and a search among all methods", "typeof(S).GetMethods().Single(m => m.Name == nameof(S.M))"),
        Found("nameof and a search by Equals", "typeof(S).GetMethods().First(m => m.Name.Equals(nameof(S.M), StringComparison.Ordinal))"),
        Found("nameof and a search by string.Equals", "typeof(S).GetMethods().First(m => string.Equals(m.Name, nameof(S.M), StringComparison.OrdinalIgnoreCase))"),
        Found("nameof and a search by a pattern", "typeof(S).GetMethods().First(m => m.Name is nameof(S.M) or \"N\")"),
        Found("nameof and a search by a property pattern", "typeof(S).GetMethods().First(m => m is { IsPublic: true, Name: nameof(S.M) })"),
        By("nameof in a constant", Reflected + "public static class U { const string Wanted = nameof(S.M); public static object? Go() => typeof(S).GetMethod(Wanted); }", "M", "reflection finds the original"),
        By("nameof in a variable", Reflected + "public static class U { public static object? Go() { var wanted = nameof(S.M); return typeof(S).GetMethod(wanted); } }", "M", "reflection finds the original"),
        By("nameof inside the type", "public sealed class C { [Cached] public string M(int a) => string.Concat(a, a); public object? Go() => GetType().GetMethod(nameof(M))!.Invoke(this, [1]); }", "M", "reflection finds the original"),
        By("nameof and the interface", "interface I { string M(int a); } class C : I { [Cached] public string M(int a) => string.Concat(a, a); } static class U { public static object? Go() => typeof(I).GetMethod(nameof(C.M)); }", "M", "reflection finds the original"),
        By("nameof in an accessor", C + "public static class U { [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = nameof(C.M))] public static extern string Call(C c, int a); }", "M", "reflection finds the original"),
    ];

    static BodyCase Silent(string name, string expression, string more = "") =>
        new(name, Reflected + $"{more} public static class U {{ public static object? Go() => {expression}; }}");

    static readonly BodyCase[] _silent =
    [
        Silent("nameof in a text", "nameof(S.M) + \" failed\""),
        Silent("nameof in an exception", "new ArgumentException(\"x\", nameof(S.M))"),
        Silent("nameof in a comparison with a text that is no name of a member", "\"M\" == nameof(S.M) || nameof(S.M) == typeof(S).Name"),
        Silent("nameof and a property of that name", "typeof(S).GetProperty(nameof(S.M))"),
        Silent("nameof and a method of another type", "typeof(Other).GetMethod(nameof(S.M))", "public sealed class Other { public static string M(int a) => \"\"; }"),
        Silent("nameof and an overload without the attribute", "typeof(T).GetMethod(nameof(T.M), [typeof(long)])", "public static class T { [Cached] public static string M(int a) => string.Concat(a, a); public static string M(long a) => \"\"; }"),
        Silent("nameof and a method that only sounds like reflection", "Finder.GetMethod(nameof(S.M))", "public static class Finder { public static string GetMethod(string name) => name; }"),
        Silent("nameof of a partial method", "typeof(P).GetMethod(nameof(P.M))", "public static partial class P { [Cached] public static partial string M(int a); static string MCore(int a) => string.Concat(a, a); }"),
        Silent("nameof of a method without the attribute", "typeof(T).GetMethod(nameof(T.M))", "public static class T { public static string M(int a) => string.Concat(a, a); }"),
        Silent("nameof in a variable that is only written down", "N.Name", "public static class N { public const string Name = nameof(S.M); }"),
        Silent("nameof in attributes", "null", "public static class T { [Evicts(typeof(S), nameof(S.M)), System.ComponentModel.Description(nameof(S.M))] public static void Set(int a) { } }"),
        new("nameof that keeps a method from being trimmed", S + "public static class U { [System.Diagnostics.CodeAnalysis.DynamicDependency(nameof(S.M), typeof(S))] public static void Go() { } }"),
        new("A dynamic receiver without such a method", C + "public sealed class Other { public string M(int a) => \"\"; } public static class U { public static string Go() { dynamic o = new Other(); return o.M(1); } }"),
        new("A dynamic receiver and another number of arguments", C + "public static class U { public static string Go(dynamic c) => c.M(1, 2); }"),
        new("A dynamic receiver of unknown type and a name that texts and lists have", "public class C { [Cached] public bool Contains(string a) => string.Concat(a, a).Length > 3; } public static class U { public static bool Go(dynamic ids) => ids.Contains(\"x\"); }"),
        new("Another construction of a generic interface", "class ByText : IComparer<string> { [Cached] public int Compare(string? a, string? b) => string.CompareOrdinal(a, b); } static class U { public static int Go(IComparer<int> by) => by.Compare(1, 2); public static object Group(IDictionary<int, string> all, int[] keys) => keys.Any(all.ContainsKey); } class Table : Dictionary<string, int> { [Cached] public new bool ContainsKey(string a) => string.Concat(a, a).Length > 3; }"),
        new("A dynamic receiver and a partial method", "public sealed partial class P { [Cached] public partial string M(int a); string MCore(int a) => string.Concat(a, a); } public static class U { public static string Go(dynamic c) => c.M(1); }"),
        new("An interface that a cached method only looks like", "interface I { string M(int a); } class C { [Cached] public string M(int a) => string.Concat(a, a); } static class U { public static string Go(I i) => i.M(1); }"),
        new("An interface that is implemented by something else", "interface I { string M(int a); } class C : I { [Cached] public string M(int a) => string.Concat(a, a); string I.M(int a) => M(a); } static class U { public static string Go(I i) => i.M(1); }"),
        new("A base class whose override is partial", "abstract class B { public abstract string M(int a); } partial class D : B { [Cached] public override partial string M(int a); string MCore(int a) => string.Concat(a, a); } static class U { public static string Go(B b) => b.M(1); }"),
        new("A lambda that calls", S + "public static class U { public static object Go(int[] all) => all.Select(a => S.M(a)).ToList(); }"),
        new("A cref in a comment", S + "/// <summary><see cref=\"S.M\"/></summary>\npublic static class U;"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => BodyCase.Names(_bypasses);
    public static IEnumerable<TheoryDataRow<string>> SilentRows => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Rows))]
    public Task A_way_past_the_cache_is_reported_with_its_reason(string name) => BodyCase.Verify(_bypasses, name, "MEMO1001");

    [Theory, MemberData(nameof(SilentRows))]
    public Task What_goes_through_the_cache_or_calls_nothing_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO1001");

    [Theory, MemberData(nameof(Rows))]
    public async Task And_is_closed_by_making_the_method_partial(string name)
    {
        using var solution = FixedSolution.Of(new Setup { Unsafe = true }, ("Code.cs", _bypasses.Single(one => one.Name == name).Code));
        await solution.Apply("MEMO1001", "partial");
        await solution.Verify("MEMO1001");
    }
}
