#if ROSLYN_5_OR_GREATER
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Members of C# 14 extension blocks.</summary>
public sealed class ExtensionBlockTests
{
    static readonly Shape[] _shapes =
    [
        new("An instance extension is cached in both spellings",
            "public static class E { extension(string s) { [Cached] public string Times(int n) => Probe.Call(s + n); } }",
            "Say(\"a\".Times(2), E.Times(\"a\", 2), \"b\".Times(2), \"a\"?.Times(2));",
            "a2 a2 b2 a2", 2, 4),

        new("A static extension is cached",
            "public static class E { extension(string) { [Cached] public static string Make(int n) => Probe.Call(\"m\" + n); } }",
            "Say(string.Make(2), E.Make(2), string.Make(3));",
            "m2 m2 m3", 2, 3),

        new("A generic block with a generic method is cached",
            "public static class E { extension<T>(T value) where T : struct, IEquatable<T> { [Cached] public string Pair<U>(U other) where U : IEquatable<U> => Probe.Call($\"{value}{other}\"); } }",
            "Say(1.Pair(\"x\"), E.Pair(1, \"x\"), 1L.Pair(\"x\"), 1.Pair(2));",
            "1x 1x 1x 12", 3, 4),

        new("A receiver by in is cached",
            "public static class E { extension(in Guid g) { [Cached] public int First() => Probe.Call(g.ToByteArray()[0]); } }",
            "var g = new Guid(7, 0, 0, new byte[8]); Say(g.First(), E.First(g), E.First(in g));",
            "7 7 7", 1, 3),

        new("Two blocks for different receivers with the same member are told apart",
            """
            public static class E
            {
                extension(string s) { [Cached] public string Show(int n) => Probe.Call("s" + s + n); }
                extension(int i) { [Cached] public string Show(int n) => Probe.Call("i" + i + n); }
            }
            """,
            "for (var i = 0; i < 2; i++) Say(\"1\".Show(2), 1.Show(2));",
            "s12 i12 s12 i12", 2, 4),

        new("The receiver's attributes decide its part of the key",
            "public static class E { extension([CacheKey(IgnoreCase = true)] string s) { [Cached] public int Size(int n) => Probe.Call(s.Length + n); } }",
            "Say(\"ab\".Size(1), \"AB\".Size(1), \"b\".Size(1));",
            "3 3 2", 2, 3),

        new("Asynchronous extensions are cached",
            "public static class E { extension(string s) { [Cached] public async Task<string> Later(CancellationToken ct = default) { await Task.Yield(); return Probe.Call(s); } } }",
            "Say(await \"a\".Later(), await \"a\".Later());",
            "a a", 1, 2),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Extension_blocks(string name) => Table.Verify(_shapes, name);
}
#endif
