using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Type parameters of methods and of the types around them, and their constraints.</summary>
public sealed class GenericTests
{
    static readonly Shape[] _shapes =
    [
        new("Each type argument has entries of its own",
            "public static class S { [Cached] public static string M<T>(T a) where T : IEquatable<T> => Probe.Call(typeof(T).Name + a); }",
            "Say(S.M(1), S.M(1), S.M(1L), S.M(\"1\"), S.M<string>(\"1\"));",
            "Int321 Int321 Int641 String1 String1", 3, 5),

        new("A type argument that no parameter shows is part of the key",
            "public static class S { [Cached] public static string M<T>(int a) => Probe.Call(typeof(T).FullName + a); }",
            "Say(S.M<int>(1), S.M<string>(1), S.M<int>(1));",
            "System.Int321 System.String1 System.Int321", 2, 3),

        new("Type arguments of the same simple name are different",
            """
            namespace A { public sealed class Item; } namespace B { public sealed class Item; }
            public static class S { [Cached] public static string M<T>(int a) => Probe.Call(typeof(T).FullName + a); }
            """,
            "Say(S.M<A.Item>(1), S.M<B.Item>(1), S.M<A.Item>(1), S.M<List<A.Item>>(1), S.M<List<B.Item>>(1));",
            "A.Item1 B.Item1 A.Item1 " + "System.Collections.Generic.List`1[[A.Item, App, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null]]1 "
            + "System.Collections.Generic.List`1[[B.Item, App, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null]]1", 4, 5),

        new("An extension method takes a receiver of a type parameter like any argument",
            """
            public static class E { [Cached] public static string Show<T>(this T value, int n) where T : IEquatable<T> => Probe.Call(value + ":" + n); }
            public static class U { public static string Reduced<T>(T value) where T : IEquatable<T> => value.Show(2); public static string? Asked<T>(T? value) where T : class, IEquatable<T> => value?.Show(2); public static string Whole<T>(T value) where T : IEquatable<T> => E.Show(value, 2); }
            """,
            "Say(U.Reduced(5), U.Whole(5), U.Reduced(5), U.Asked(\"a\"), U.Reduced(\"a\"));",
            "5:2 5:2 5:2 a:2 a:2", 2, 5),

        new("A type parameter whose constraint inherits its equality is a key",
            "public static class S { [Cached] public static T Square<T>(T x) where T : System.Numerics.INumber<T> => Probe.Call(x * x); }",
            "Say(S.Square(3), S.Square(3), S.Square(3.0), S.Square(-0.0), S.Square(0.0));",
            "9 9 9 0 0", 4, 5),

        new("Instantiations of a generic type are caches of their own",
            "public sealed class G<T> where T : notnull { [Cached] public string M(int a) => Probe.Call(typeof(T).Name + a); [Cached] public static string F(int a) => Probe.Call(typeof(T).Name + a); }",
            "Say(new G<int>().M(1), new G<int>().M(1), new G<string>().M(1), G<int>.F(1), G<int>.F(1), G<string>.F(1));",
            "Int321 Int321 String1 Int321 Int321 String1", 4, 6),

        new("A generic method of a generic type is called from generic callers and from itself",
            """
            public class G<A> where A : IEquatable<A>
            {
                [Cached] public string M<B>(A a, B b) where B : struct, IEquatable<B> => Probe.Call($"{a}{b}");
                public string Implicit<C>(A a, C c) where C : struct, IEquatable<C> => M(a, c) + this.M<C>(a, c);
            }
            public static class Caller { public static string Go<X, Y>(X x, Y y) where X : IEquatable<X> where Y : struct, IEquatable<Y> => new G<X>().M(x, y); }
            """,
            "Say(new G<string>().Implicit(\"a\", 1), Caller.Go(\"a\", 1), Caller.Go(\"a\", 1L));",
            "a1a1 a1 a1", 2, 4),

        new("Constraints of every kind are copied",
            """
            public interface IHas<T> { }
            public class Base { }
            public sealed class Derived : Base, IHas<string> { }
            public static class S
            {
                [Cached] public static string Not<T>(int a) where T : notnull => Probe.Call("n" + a);
                [Cached] public static string Unmanaged<T>(int a) where T : unmanaged => Probe.Call("u" + a);
                [Cached] public static string Struct<T>(int a) where T : struct => Probe.Call("s" + a);
                [Cached] public static string Class<T>(int a) where T : class => Probe.Call("c" + a);
                [Cached] public static string ClassQ<T>(int a) where T : class? => Probe.Call("q" + a);
                [Cached] public static string New<T>(int a) where T : class, new() => Probe.Call("w" + new T().GetType().Name + a);
                [Cached] public static string Type<T, U>(int a) where T : Base?, IHas<U>, new() where U : class, IComparable<U> => Probe.Call("t" + a);
                [Cached] public static string Naked<T, U>(int a) where T : U => Probe.Call("d" + a);
                [Cached] public static string Enum<T>(T a) where T : struct, Enum => Probe.Call("e" + a);
                [Cached] public static string Default<T>(int a) => Probe.Call("o" + a);
            }
            """,
            """
            for (var i = 0; i < 2; i++)
                Say(S.Not<int>(1), S.Unmanaged<int>(1), S.Struct<int>(1), S.Class<string>(1), S.ClassQ<string?>(1), S.New<Base>(1), S.Type<Derived, string>(1),
                    S.Naked<Derived, Base>(1), S.Enum(DayOfWeek.Friday), S.Default<string?>(1));
            """,
            "n1 u1 s1 c1 q1 wBase1 t1 d1 eFriday o1 n1 u1 s1 c1 q1 wBase1 t1 d1 eFriday o1", 10, 20),

        new("A nullable type parameter as result keeps its annotation",
            """
            public static class S
            {
                [Cached] public static T? Ref<T>(int a) where T : class => Probe.Call<T?>(null);
                [Cached] public static T? Val<T>(int a) where T : struct => Probe.Call<T?>(null);
                [Cached] public static T? Any<T>(int a) => Probe.Call<T?>(default);
                [Cached] public static T Sure<T>(int a) where T : notnull, new() => Probe.Call(new T());
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.Ref<string>(1), S.Val<int>(1), S.Any<int>(1), S.Sure<int>(1));",
            "null null 0 0 null null 0 0", 4, 8),

        new("A type parameter named as ours does not clash",
            "public static class S { [Cached] public static string M<Key, Cache, TValue, Of>(int self, int key, int hit) => Probe.Call(typeof(Key).Name + self + key + hit); }",
            "Say(S.M<int, int, int, int>(1, 2, 3), S.M<int, int, int, int>(1, 2, 3));",
            "Int32123 Int32123", 1, 2),

        new("A private method of a generic type is intercepted",
            """
            public sealed class G<T> where T : IEquatable<T>
            {
                [Cached] private string M(T a) => Probe.Call("g" + a);
                [Cached] private static string F(T a) => Probe.Call("f" + a);
                public string All(T a) => M(a) + M(a) + F(a) + F(a);
            }
            """,
            "Say(new G<int>().All(1), new G<string>().All(\"x\"));",
            "g1g1f1f1 gxgxfxfx", 4, 8),

        new("A private generic method is intercepted",
            """
            public sealed class C
            {
                [Cached] private string M<T>(T a) where T : IEquatable<T> => Probe.Call("g" + a);
                public string All() => M(1) + M(1) + M("x");
            }
            """,
            "Say(new C().All());",
            "g1g1gx", 2, 3),

        new("A generic extension method is intercepted",
            "public static class E { [Cached] public static string Show<T>(this T value, int n) where T : struct, IEquatable<T> => Probe.Call(value + \":\" + n); }",
            "Say(1.Show(2), E.Show(1, 2), 1L.Show(2));",
            "1:2 1:2 1:2", 2, 3),

        new("A static abstract member called through a type is not cached and works",
            """
            public interface IMake { static abstract int Make(int a); }
            public sealed class One : IMake { [Cached] public static int Make(int a) => Probe.Call(a); }
            public static class Caller { public static int Go<T>() where T : IMake => T.Make(1); }
            """,
            "Say(Caller.Go<One>(), Caller.Go<One>(), One.Make(1), One.Make(1));",
            "1 1 1 1", 3, 4) { Allow = ["MEMO1001"] },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Generics(string name) => Table.Verify(_shapes, name);
}
