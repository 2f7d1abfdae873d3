namespace Memoize.Generators.Tests.Refusals;

/// <summary>Parameters that have no value to compare, and instance state that nobody decided about.</summary>
public sealed class KeyTests
{
    static readonly Refusal[] _refusals =
    [
        .. from type in new[]
           {
               "int[]", "List<int>", "IReadOnlyList<string>", "IEnumerable<int>", "HashSet<int>", "Dictionary<string, int>", "string[]?", "System.Collections.ArrayList", "ICollection<int>",
               "System.Collections.Immutable.ImmutableArray<int>", "System.Collections.Immutable.ImmutableList<int>", "Memory<byte>", "ReadOnlyMemory<char>", "ArraySegment<int>",
           }
           select new Refusal($"{type} without Structural is compared by reference", $"public static class S {{ [Cached] public static int M({type} a) => 1; }}"),

        .. from type in new[]
           {
               "object", "object?", "dynamic", "Action", "Func<int, int>", "Delegate", "System.IO.Stream", "System.IO.TextReader", "IDisposable", "IComparable", "IEquatable<int>", "Exception",
               "System.Net.Http.HttpClient", "Task<int>", "Lazy<int>", "System.Text.StringBuilder", "Random", "IServiceProvider", "ValueType", "Enum", "Array",
               "WeakReference<string>", "System.Linq.Expressions.Expression<Func<int>>", "IQueryable<int>", "IAsyncEnumerable<int>", "System.Threading.Channels.Channel<int>",
               "(int, object)", "Tuple<int, int[]>", "KeyValuePair<int, object>", "Nullable<System.Collections.Immutable.ImmutableArray<int>>",
           }
           select new Refusal($"{type} has no value to compare", $"public static class S {{ [Cached] public static int M({type} a) => 1; }}"),

        .. from type in new[] { "object[]", "List<object>", "IEnumerable<Action>", "Dictionary<string, object>", "List<Tuple<int, object>>" }
           select new Refusal($"{type} has elements without a value, Structural or not", $"public static class S {{ [Cached] public static int M([CacheKey(Structural = true)] {type} a) => 1; }}"),

        new("a class without its own equality is compared by reference", "public class P { public int X; } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a class whose equality is its base's, which does not know what it adds", "public abstract class Entity(int id) { public int Id { get; } = id; public override bool Equals(object? o) => o is Entity e && e.Id == Id; public override int GetHashCode() => Id; } public sealed class Customer(int id, string name) : Entity(id) { public string Name { get; } = name; } public static class S { [Cached] public static string M(Customer a) => a.Name; }"),
        new("a class may be a derived one whose equality does not know what it adds", "public class Entity(int id) { public int Id { get; } = id; public override bool Equals(object? o) => o is Entity e && e.Id == Id; public override int GetHashCode() => Id; } public sealed class Customer(int id, string name) : Entity(id) { readonly string _name = name; public override string ToString() => _name; } public static class S { [Cached] public static string M(Entity a) => a.ToString()!; }"),
        new("elements of a collection whose equality is their base's", "public abstract class Entity(int id) { public int Id { get; } = id; public override bool Equals(object? o) => o is Entity e && e.Id == Id; public override int GetHashCode() => Id; } public sealed class Customer(int id, string name) : Entity(id) { public string Name { get; } = name; } public static class S { [Cached] public static string M([CacheKey(Structural = true)] IReadOnlyList<Customer> a) => a[0].Name; }"),
        new("a mail address is compared without regard to case", "public static class S { [Cached] public static string M(System.Net.Mail.MailAddress a) => a.Address; }"),
        new("a class with Equals but without GetHashCode is half a key", "#pragma warning disable CS0659\npublic sealed class P { public override bool Equals(object? o) => true; } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a mutable class with its own equality would change in the cache",
            "public sealed class P : IEquatable<P> { public int X { get; set; } public bool Equals(P? o) => X == o?.X; public override bool Equals(object? o) => Equals(o as P); public override int GetHashCode() => X; } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record with a settable member would change in the cache", "public sealed record P { public int X { get; set; } } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record with a member that has no value is compared by reference inside", "public sealed record P(int[] X); public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record whose base has a member without a value is compared by reference inside", "public record B(object X); public sealed record P(object X, int Y) : B(X); public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record struct with a collection is compared by reference inside", "public readonly record struct P(List<int> X); public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record inside a record with a collection is compared by reference inside", "public sealed record Q(List<int> X); public sealed record P(Q X); public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record may be a derived one with a collection", "public abstract record Shape(int Id); public sealed record Poly(int Id, List<int> Points) : Shape(Id); public static class S { [Cached] public static string M(Shape s) => s.ToString(); }"),
        new("a record may be a derived one of a derived one with a collection", "public record A(int Id); public record B(int Id) : A(Id); public sealed record C(int Id, int[] X) : B(Id); public static class S { [Cached] public static string M(A a) => a.ToString(); }"),
        new("a record may be a derived one that can change", "public record A(int Id); public record B(int Id) : A(Id) { public int X { get; set; } } public static class S { [Cached] public static string M(A a) => a.ToString(); }"),
        new("a record may be a derived one with numbers that have several forms", "public record A(int Id); public sealed record B(int Id, decimal Price) : A(Id); public static class S { [Cached] public static string M(A a) => a.ToString(); }"),
        new("a record may be a derived one of any type argument", "public record A(int Id); public sealed record B<T>(int Id, T Value) : A(Id); public static class S { [Cached] public static string M(A a) => a.ToString(); }"),
        new("a member may be a derived record with a collection", "public abstract record Shape(int Id); public sealed record Poly(int Id, List<int> Points) : Shape(Id); public sealed record Order(Shape Shape); public static class S { [Cached] public static string M(Order o) => o.ToString(); }"),
        new("a class with its own equality may be a derived one that can change", "public class P(int x) { public int X { get; } = x; public override bool Equals(object? o) => o is P p && p.X == X; public override int GetHashCode() => X; } public class Q(int x) : P(x) { public int Y; public override bool Equals(object? o) => o is Q q && q.Y == Y; public override int GetHashCode() => Y; } public static class S { [Cached] public static string M(P p) => p.X + \"\"; }"),
        new("a record with a hidden number that has several forms is compared too coarsely", "public sealed record P { readonly double _x; public P(double x) => _x = x; public double Get() => _x; } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a record that contains itself and such a number is compared too coarsely", "public sealed record P(double X, (P? Next, int N) Rest); public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a collection of records with such numbers is compared too coarsely", "public sealed record P(double X); public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<P> a) => 1; }"),
        new("a struct without its own equality that holds a reference is not a value", "public struct P { public object O; } public static class S { [Cached] public static int M(P a) => 1; }"),
        new("a tuple inside an open type parameter is not known", "public static class S { [Cached] public static int M<T>([CacheKey(Structural = true)] T a) where T : IEquatable<T> => 1; }"),
        new("a parameter array of spans of numbers is not a key", "public static class S { [Cached] public static int M(params ReadOnlySpan<int> a) => 1; }"),
        new("an open type parameter has no value", "public static class S { [Cached] public static int M<T>(T a) => 1; }"),
        new("a type parameter that is only a struct has no value", "public static class S { [Cached] public static int M<T>(T a) where T : struct => 1; }"),
        new("a type parameter of the containing type has no value", "public class G<T> { [Cached] public int M(T a) => 1; }"),
        new("a list of an open type parameter has no value", "public static class S { [Cached] public static int M<T>([CacheKey(Structural = true)] List<T> a) => 1; }"),
        new("a receiver of an extension method is a parameter", "public static class E { [Cached] public static int M(this List<int> a) => 1; }"),

        new("a keyed member must exist", "public sealed class O { public int Id; } public static class S { [Cached] public static int M([CacheKey(\"Nope\")] O a) => 1; }"),
        new("a keyed member of a member must exist", "public sealed class C { } public sealed class O { public C C = new(); } public static class S { [Cached] public static int M([CacheKey(\"C.Id\")] O a) => 1; }"),
        new("a keyed member must have a value", "public sealed class O { public object Id = 1; } public static class S { [Cached] public static int M([CacheKey(\"Id\")] O a) => 1; }"),
        new("a keyed member must be accessible", "public sealed class O { private int Id; public int Use => Id; } public static class S { [Cached] public static int M([CacheKey(\"Id\")] O a) => 1; }"),
        new("a keyed member cannot be a method", "public sealed class O { public int Id() => 1; } public static class S { [Cached] public static int M([CacheKey(\"Id\")] O a) => 1; }"),
        new("a keyed member cannot be empty text", "public sealed class O { public int Id; } public static class S { [Cached] public static int M([CacheKey(\"\")] O a) => 1; }"),
        new("a whole object under CacheKey still needs a value", "public sealed class O { public int Id; } public static class S { [Cached] public static int M([CacheKey] O a) => 1; }"),
        new("IgnoreCase is for strings", "public static class S { [Cached] public static int M([CacheKey(IgnoreCase = true)] int a) => 1; }"),
        new("Structural is for collections", "public static class S { [Cached] public static int M([CacheKey(Structural = true)] int a) => 1; }"),
        new("in the key and not in the key at once is a contradiction", "public static class S { [Cached] public static int M([CacheKey, NotInKey] int a) => 1; }"),
        new("a ref struct that is not in the key cannot be carried into the load", "public ref struct R { } public static class S { [Cached] public static int M(int a, [NotInKey] R r) => 1; }"),

        .. from row in new (string Why, string Code)[]
           {
               ("a field", "public sealed class C { public int X; [Cached] public int M(int a) => a + X; }"),
               ("a read-only value field", "public sealed class C(int x) { readonly int _x = x; [Cached] public int M(int a) => a + _x; }"),
               ("a string field", "public sealed class C { readonly string _x = Environment.MachineName; [Cached] public int M(int a) => a + _x.Length; }"),
               ("a mutable field of a service type", "public interface I { int N { get; } } public sealed class C { I? _x; public void Set(I x) => _x = x; [Cached] public int M(int a) => a + (_x?.N ?? 0); }"),
               ("a collection", "public sealed class C { readonly List<int> _x = new(); [Cached] public int M(int a) => a + _x.Count; }"),
               ("an array", "public sealed class C { readonly int[] _x = new int[1]; [Cached] public int M(int a) => a + _x[0]; }"),
               ("a read-only collection interface", "public sealed class C(IReadOnlyList<int> x) { [Cached] public int M(int a) => a + x.Count; }"),
               ("a data class", "public sealed class Settings { public int X { get; set; } } public sealed class C(Settings s) { [Cached] public int M(int a) => a + s.X; }"),
               ("a record", "public sealed record Settings(int X); public sealed class C(Settings s) { [Cached] public int M(int a) => a + s.X; }"),
               ("an automatic property", "public sealed class C { public int X { get; set; } [Cached] public int M(int a) => a + X; }"),
               ("an init property", "public sealed class C { public int X { get; init; } [Cached] public int M(int a) => a + this.X; }"),
               ("a computed property over a field", "public sealed class C { public int X; int Twice => X * 2; [Cached] public int M(int a) => a + Twice; }"),
               ("a primary constructor parameter", "public sealed class C(int x) { [Cached] public int M(int a) => a + x; }"),
               ("a field through another method", "public sealed class C { public int X; int Help(int a) => Deep(a); int Deep(int a) => a + X; [Cached] public int M(int a) => Help(a); }"),
               ("a field through a local function", "public sealed class C { public int X; [Cached] public int M(int a) { return L(); int L() => a + X; } }"),
               ("a field through a lambda", "public sealed class C { public int X; [Cached] public int M(int a) => new[] { a }.Sum(n => n + X); }"),
               ("a field of a base class", "public class B { public int X; } public sealed class C : B { [Cached] public int M(int a) => a + X; }"),
               ("a field through a base method", "public class B { public int X; protected int Help() => X; } public sealed class C : B { [Cached] public int M(int a) => a + Help(); }"),
               ("a field through base access", "public class B { public int X; public virtual int Help() => X; } public sealed class C : B { [Cached] public int M(int a) => a + base.Help(); }"),
               ("a field through an indexer", "public sealed class C { public int X; int this[int a] => a + X; [Cached] public int M(int a) => this[a]; }"),
               ("a field through itself handed on", "public sealed class C { public int X; static int Help(C c) => c.X; [Cached] public int M(int a) => a + Help(this); }"),
               ("a field by reference", "public sealed class C { int _x; static int Help(ref int x) => x; [Cached] public int M(int a) => a + Help(ref _x); }"),
               ("a field through deconstruction and patterns", "public sealed class C { public int X; [Cached] public int M(int a) => this is { X: > 1 } ? a : 0; }"),
               ("the state of a struct", "public readonly struct P(int x) { [Cached] public int M(int a) => a + x; }"),
               ("the state of a record", "public sealed record P(int X) { [Cached] public int M(int a) => a + X; }"),
               ("a positional record printed", "public sealed record P(int X) { [Cached] public string M(int a) => a + ToString(); }"),
               ("a delegate", "public sealed class C(Func<int, int> f) { readonly Func<int, int> _f = f; [Cached] public int M(int a) => _f(a); }"),
               ("a delegate of the constructor", "public sealed class C(Func<int, int> f) { [Cached] public int M(int a) => f(a); }"),
               ("a value of a type parameter", "public sealed class C<T>(T x) { [Cached] public string M(int a) => a + \"\" + x; }"),
               ("an object", "public sealed class C(object x) { [Cached] public string M(int a) => a + \"\" + x; }"),
               ("a lazy value", "public sealed class C(Lazy<int> x) { [Cached] public int M(int a) => a + x.Value; }"),
               ("a text builder", "public sealed class C { readonly System.Text.StringBuilder _x = new(); [Cached] public int M(int a) => a + _x.Length; }"),
               ("a task", "public sealed class C(Task<int> x) { [Cached] public async Task<int> M(int a) => a + await x; }"),
               ("an enum", "public sealed class C(DayOfWeek x) { [Cached] public int M(int a) => a + (int)x; }"),
               ("a nullable value", "public sealed class C(int? x) { [Cached] public int M(int a) => a + (x ?? 0); }"),
               ("a tuple", "public sealed class C((int, string) x) { [Cached] public int M(int a) => a + x.Item1; }"),
               ("a date", "public sealed class C(DateTime x) { [Cached] public long M(int a) => a + x.Ticks; }"),
               ("an address", "public sealed class C(Uri x) { [Cached] public string M(int a) => a + x.Host; }"),
               ("a read-only dictionary", "public sealed class C(IReadOnlyDictionary<int, int> x) { [Cached] public int M(int a) => x[a]; }"),
               ("an immutable array", "public sealed class C(System.Collections.Immutable.ImmutableArray<int> x) { [Cached] public int M(int a) => x[a]; }"),
               ("a type", "public sealed class C(Type x) { [Cached] public string M(int a) => x.Name + a; }"),
               ("an ambient value", "public sealed class C { readonly AsyncLocal<int> _x = new(); [Cached] public int M(int a) => a + _x.Value; }"),
               ("a nested data class", "public sealed class Inner { public int X; } public sealed class Outer { public Inner Inner = new(); } public sealed class C(Outer o) { [Cached] public int M(int a) => a + o.Inner.X; }"),
               ("an overridable member", "public abstract class B { [Cached] public string M(int a) => Part(a); protected abstract string Part(int a); }"),
               ("the run-time type", "public class B { [Cached] public string M(int a) => GetType().Name + a; }"),
               ("a record compared", "public sealed record P(int X) { [Cached] public bool M(P? other) => Equals(other); }"),
               ("a record copied", "public sealed record P(int X) { [Cached] public P M(int a) => this with { }; }"),
               ("a recursive helper", "public sealed class C { public int X; int A(int a) => a == 0 ? X : B(a - 1); int B(int a) => A(a); [Cached] public int M(int a) => A(a); }"),
               ("a method group", "public sealed class C { public int X; int Help(int a) => a + X; [Cached] public int M(int a) => new[] { a }.Select(Help).Sum(); }"),
               ("a field-backed property of C# 14", "public sealed class C { public int X { get => field + 1; set; } [Cached] public int M(int a) => a + X; }"),
           }
           select new Refusal($"instance state is read without a choice: {row.Why}", row.Code),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Refusal.Names(_refusals);

    [Theory, MemberData(nameof(Rows))]
    public Task Keys(string name)
    {
        var refusal = _refusals.Single(candidate => candidate.Name == name);
#if !ROSLYN_5_OR_GREATER
        Assert.SkipWhen(name.Contains("C# 14", StringComparison.Ordinal), "The language version needs a newer compiler.");
#endif
        return refusal.Verify();
    }

    [Fact]
    public Task The_state_of_a_partial_methods_core_counts() => new Refusal(
        "the core reads state",
        "public sealed partial class C { public int X; [Cached] public partial int M(int a); int MCore(int a) => a + X; }")
    { DoesNotCompile = true }.Verify();
}
