namespace Memoize.Generators.Tests.Refusals;

/// <summary>Methods that cannot be cached, whatever their parameters.</summary>
public sealed class DeclarationTests
{
    static readonly Refusal[] _refusals =
    [
        new("void gives nothing to remember", "public static class S { [Cached] public static void M(int a) { } }"),
        new("a task without a result gives nothing to remember", "public static class S { [Cached] public static Task M(int a) => Task.CompletedTask; }"),
        new("a value task without a result gives nothing to remember", "public static class S { [Cached] public static ValueTask M(int a) => default; }"),
        new("async void gives nothing to remember", "public static class S { [Cached] public static async void M(int a) { await Task.Yield(); } }"),
        new("a reference result cannot be stored", "public static class S { static int _x; [Cached] public static ref int M(int a) => ref _x; }"),
        new("a read-only reference result cannot be stored", "public static class S { static int _x; [Cached] public static ref readonly int M(int a) => ref _x; }"),
        new("a pointer result cannot be stored", "public static unsafe class S { [Cached] public static int* M(int a) => null; }"),
        new("a function pointer result cannot be stored", "public static unsafe class S { [Cached] public static delegate*<int, int> M(int a) => null; }"),
        new("a span result cannot be stored", "public static class S { [Cached] public static ReadOnlySpan<char> M(string a) => a; }"),
        new("a ref struct result cannot be stored", "public ref struct R { } public static class S { [Cached] public static R M(int a) => default; }"),
        new("an iterator is run by its reader", "public static class S { [Cached] public static IEnumerable<int> M(int a) { yield return a; } }"),
        new("a lazy enumerable is run by its reader", "public static class S { [Cached] public static IEnumerable<int> M(int a) => new[] { a }.Select(x => x); }"),
        new("a non-generic enumerable is run by its reader", "public static class S { [Cached] public static System.Collections.IEnumerable M(int a) => new[] { a }; }"),
        new("an enumerator can be read once", "public static class S { [Cached] public static IEnumerator<int> M(int a) { yield return a; } }"),
        new("a queryable is run by its reader", "public static class S { [Cached] public static IQueryable<int> M(int a) => new[] { a }.AsQueryable(); }"),
        new("an asynchronous iterator is run by its reader", "public static class S { [Cached] public static async IAsyncEnumerable<int> M(int a) { await Task.Yield(); yield return a; } }"),
        new("a lazy enumerable in a task is run by its reader", "public static class S { [Cached] public static async Task<IEnumerable<int>> M(int a) { await Task.Yield(); return new[] { a }; } }"),
        new("a stream can be read once", "public static class S { [Cached] public static System.IO.Stream M(int a) => new System.IO.MemoryStream(); }"),
        new("a stream in a task can be read once", "public static class S { [Cached] public static Task<System.IO.MemoryStream> M(int a) => Task.FromResult(new System.IO.MemoryStream()); }"),
        new("an open file belongs to one caller", "public static class S { [Cached] public static System.IO.FileStream M(string a) => System.IO.File.OpenRead(a); }"),
        new("a handle of an open file belongs to one caller", "public static class S { [Cached] public static Microsoft.Win32.SafeHandles.SafeFileHandle M(string a) => System.IO.File.OpenHandle(a); }"),
        new("a reader can be read once", "public static class S { [Cached] public static ValueTask<System.IO.TextReader> M(int a) => default; }"),
        new("a response message can be read once", "public static class S { [Cached] public static Task<System.Net.Http.HttpResponseMessage> M(int a) => Task.FromResult(new System.Net.Http.HttpResponseMessage()); }"),
        new("a disposable belongs to one caller", "public sealed class D : IDisposable { public void Dispose() { } } public static class S { [Cached] public static D M(int a) => new D(); }"),
        new("an interface that is disposable belongs to one caller", "public static class S { [Cached] public static IDisposable M(int a) => null!; }"),
        new("an asynchronous disposable belongs to one caller", "public sealed class D : IAsyncDisposable { public ValueTask DisposeAsync() => default; } public static class S { [Cached] public static D M(int a) => new D(); }"),
        new("a task of a task hides its failure", "public static class S { [Cached] public static Task<Task<int>> M(int a) => Task.FromResult(Task.FromResult(a)); }"),
        new("a custom awaitable is not known", "public sealed class A { public System.Runtime.CompilerServices.TaskAwaiter<int> GetAwaiter() => Task.FromResult(1).GetAwaiter(); } public static class S { [Cached] public static A M(int a) => new A(); }"),

        new("ref parameters are outputs too", "public static class S { [Cached] public static int M(ref int a) => a; }"),
        new("out parameters are outputs", "public static class S { [Cached] public static bool M(int a, out int b) { b = a; return true; } }"),
        new("a pointer is not a key", "public static unsafe class S { [Cached] public static int M(int* a) => 1; }"),
        new("a function pointer is not a key", "public static unsafe class S { [Cached] public static int M(delegate*<int> a) => 1; }"),
        new("a ref struct is not a key", "public ref struct R { } public static class S { [Cached] public static int M(R a) => 1; }"),
        new("a writable span is not a key", "public static class S { [Cached] public static int M(Span<char> a) => 1; }"),
        new("a span of other elements is not a key", "public static class S { [Cached] public static int M(ReadOnlySpan<object> a) => 1; }"),
        new("variable arguments are not a key", "public static class S { [Cached] public static int M(int a, __arglist) => 1; }"),
        new("a type parameter that allows ref structs is not a key", "public static class S { [Cached] public static int M<T>(T a) where T : IEquatable<T>, allows ref struct => 1; }"),

        new("an abstract method has no body to remember", "public abstract class C { [Cached] public abstract int M(int a); }"),
        new("a local function cannot be intercepted", "public static class S { public static int Go() { return M(1); [Cached] static int M(int a) => a; } }"),
        new("an operator cannot be intercepted", "public sealed class C { [Cached] public static int operator +(C a, int b) => b; }"),
        new("a conversion cannot be intercepted", "public sealed class C { [Cached] public static explicit operator int(C a) => 1; }"),
        new("a property accessor cannot be intercepted", "public static class S { public static int P { [Cached] get => 1; } }"),
        new("an indexer accessor cannot be intercepted", "public sealed class C { public int this[int a] { [Cached] get => a; } }"),
        new("an event accessor cannot be intercepted", "public static class S { public static event Action E { [Cached] add { } remove { } } }"),
        new("an explicit interface implementation is only called through the interface", "public interface I { int M(int a); } public sealed class C : I { [Cached] int I.M(int a) => a; }"),
        new("a lambda cannot be intercepted", "public static class S { public static Func<int, int> F = [Cached] (int a) => a; }"),
        new("a private type cannot be named outside it", "public static class Outer { public static int Go() => new Inner().M(1); private sealed class Inner { [Cached] public int M(int a) => a; } }"),
        new("a private type in the signature cannot be named outside it", "public static class Outer { private sealed record R(int X); [Cached] private static int M(R r) => r.X; public static int Go() => M(new(1)); }"),
        new("a type parameter that hides another makes the signature ambiguous", "#pragma warning disable CS0693\npublic class G<T> { [Cached] public int M<T>(int a) => a; }"),
        new("a file-local type cannot be named", "file static class S { [Cached] public static int M(int a) => a; public static int Go() => M(1); }"),
        new("a file-local parameter type cannot be named", "file sealed record R; file static class T { [Cached] public static int M(R a) => 1; }"),
        new("a ref struct as receiver has no key", "public ref struct R { [Cached] public int M(int a) => a; }"),
        new("a method that writes through its receiver is not a function", "public struct P { int _n; [Cached] public int M(int a) => ++_n + a; }"),
        new("per-instance caches need an instance", "public static class S { [Cached(PerInstance = true)] public static int M(int a) => a; }"),
        new("per-instance caches need an instance that is an object", "public struct P { int _n; [Cached(PerInstance = true)] public int M(int a) => _n + a; }"),
        new("a per-instance extension has no instance", "public static class E { [Cached(PerInstance = true)] public static int M(this string s) => 1; }"),

        new("a size of one is below what the cache can keep", "public static class S { [Cached(MaxSize = 1)] public static int M(int a) => a; }"),
        new("a size of two is below what the cache can keep", "public static class S { [Cached(MaxSize = 2)] public static int M(int a) => a; }"),
        new("a size of zero keeps nothing", "public static class S { [Cached(MaxSize = 0)] public static int M(int a) => a; }"),
        new("a negative size means nothing", "public static class S { [Cached(MaxSize = -1)] public static int M(int a) => a; }"),
        new("a negative lifetime means nothing", "public static class S { [Cached(Ttl = -1)] public static int M(int a) => a; }"),
        new("a lifetime that is not a number means nothing", "public static class S { [Cached(Ttl = double.NaN)] public static int M(int a) => a; }"),
        new("an infinite lifetime is written as none", "public static class S { [Cached(Ttl = double.PositiveInfinity)] public static int M(int a) => a; }"),
        new("a negative sliding lifetime means nothing", "public static class S { [Cached(Sliding = -0.5)] public static int M(int a) => a; }"),
        new("an eviction that does not exist means nothing", "public static class S { [Cached(Eviction = (Eviction)7)] public static int M(int a) => a; }"),
        new("a sliding lifetime longer than the absolute one means nothing", "public static class S { [Cached(Ttl = 10, Sliding = 20)] public static int M(int a) => a; }"),
        new("a core on a method with a body of its own means nothing", "public static class S { [Cached(Core = \"N\")] public static int M(int a) => a; static int N(int a) => a; }"),

        new("a partial method needs its core", "public static partial class S { [Cached] public static partial int M(int a); }") { DoesNotCompile = true },
        new("a core with other parameters is not the core", "public static partial class S { [Cached] public static partial int M(int a); static int MCore(long a) => 1; }") { DoesNotCompile = true },
        new("a core of which every overload has other parameters is not the core", "public static partial class S { [Cached] public static partial int M(int a); static int MCore(long a) => 1; static int MCore(int a, int b) => 1; }") { DoesNotCompile = true },
        new("a core with another result is not the core", "public static partial class S { [Cached] public static partial int M(int a); static long MCore(int a) => 1; }") { DoesNotCompile = true },
        new("an instance core cannot serve a static method", "public partial class S { [Cached] public static partial int M(int a); int MCore(int a) => 1; }") { DoesNotCompile = true },
        new("a named core must exist", "public static partial class S { [Cached(Core = \"Nope\")] public static partial int M(int a); static int MCore(int a) => a; }") { DoesNotCompile = true },
        new("a partial method cannot be its own core", "public static partial class S { [Cached(Core = \"M\")] public static partial int M(int a); }") { DoesNotCompile = true },
        new("a partial method whose type is not partial has no room for the wrapper", "public static class S { [Cached] public static partial int M(int a); static int MCore(int a) => a; }") { DoesNotCompile = true },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Refusal.Names(_refusals);

    [Theory, MemberData(nameof(Rows))]
    public Task Declarations(string name) => _refusals.Single(refusal => refusal.Name == name).Verify();
}
