using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>
/// Something that is in the key is set while the load runs, so that the load reads what the key does not say. Its result must reach
/// nobody but the caller who ran it.
/// </summary>
public sealed class ChangingKeyTests
{
    // What happens in the middle of a load; once.
    const string Hook =
        """
        public static class During
        {
            static Action? _load;
            [NotInKey] public static Action? Load { set => _load = value; }
            [NotInKey] public static int Now { get { Interlocked.Exchange(ref _load, null)?.Invoke(); return 0; } }
        }

        """;

    const string Greeter = Hook +
        """
        public sealed class Greeter
        {
            [CacheKey] public string Language { get; set; } = "en";
            [Cached] public string Greet(string name) { _ = During.Now; return Probe.Call(Language + " " + name); }
        }
        """;

    static readonly Shape[] _shapes =
    [
        new("The result of the new value is not remembered under the old one",
            Greeter,
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = "de";
            Say(greeter.Greet("a"), new Greeter().Greet("a"), new Greeter().Greet("a"), greeter.Greet("a"), greeter.Greet("a"));
            """,
            "de a en a en a de a de a", 3, 5),

        new("It is counted, and what was remembered before stays",
            Greeter,
            """
            var greeter = new Greeter();
            Say(greeter.Greet("a"), GreeterCache.Greet.Statistics.NotStoredFailed);
            During.Load = () => greeter.Language = "de";
            Say(GreeterCache.Greet.Refresh(greeter, "a"), GreeterCache.Greet.Statistics.NotStoredFailed, new Greeter().Greet("a"));
            """,
            "en a 0 de a 1 en a", 2),

        new("A member in the key beside the caller's culture",
            """
            [assembly: CacheVaryBy("culture", typeof(System.Globalization.CultureInfo), nameof(System.Globalization.CultureInfo.CurrentCulture))]

            """ + Greeter.Replace("[Cached]", "[Cached(VaryBy = \"culture\")]"),
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = "de";
            Say(greeter.Greet("a"), greeter.Greet("a"), greeter.Greet("a"), new Greeter().Greet("a"));
            """,
            "de a de a de a en a", 3, 4),

        new("Elements of the instance, of an argument, and the caller's culture",
            """
            [assembly: CacheVaryBy("culture", typeof(System.Globalization.CultureInfo), nameof(System.Globalization.CultureInfo.CurrentCulture))]

            """ + Hook +
            """
            public class Shelf(string name)
            {
                [CacheKey(Structural = true)] readonly List<string> _all = [name];
                [CacheKey(Structural = true)] internal HashSet<int>? Some { get; set; }
                public void Add(string one) => _all.Add(one);
                [Cached(VaryBy = "culture")] public virtual string Has([CacheKey(Structural = true)] int[] all, string some) { _ = During.Now; return Probe.Call(some + _all.Count + all.Length + (Some?.Count ?? 0)); }
            }
            """,
            """
            var shelf = new Shelf("a");
            Say(shelf.Has([1, 2], "x"), shelf.Has([1, 2], "x"), new Shelf("a").Has([1, 2], "x"));
            During.Load = () => shelf.Add("b");
            Say(shelf.Has([1], "x"), new Shelf("a").Has([1], "x"), shelf.Has([1, 2], "x"), shelf.Has([1, 2], "x"));
            shelf.Some = [4];
            Say(shelf.Has([1, 2], "x"), new Shelf("b").Has([1, 2], "x"));
            """,
            "x120 x120 x120 x210 x110 x220 x220 x221 x120", 6, 9),

        new("Who waits for the load on an instance of the old value loads for itself",
            """
            public sealed class Greeter
            {
                [CacheKey] public string Language = "en";
                internal static readonly TaskCompletionSource Started = new(), Go = new();
                [Cached] public async Task<string> Greet(string name) { Started.TrySetResult(); await Go.Task; return Probe.Call(Language + " " + name); }
            }
            """,
            """
            var greeter = new Greeter(); var other = new Greeter();
            var first = greeter.Greet("a"); await Greeter.Started.Task;
            var second = other.Greet("a"); var third = new Greeter().Greet("a");
            greeter.Language = "de"; Greeter.Go.SetResult();
            Say(await first, await second, await third, await other.Greet("a"));
            """,
            "de a en a en a en a", 2, 4) { Allow = ["MEMO0504"] },

        new("The same with callers who can leave",
            """
            public sealed class Greeter
            {
                [CacheKey] public string Language = "en";
                internal static readonly TaskCompletionSource Started = new(), Go = new();
                [Cached] public async ValueTask<string> Greet(string name, CancellationToken ct) { Started.TrySetResult(); await Go.Task; return Probe.Call(Language + " " + name); }
            }
            """,
            """
            var greeter = new Greeter(); using var leave = new CancellationTokenSource();
            var first = greeter.Greet("a", leave.Token).AsTask(); await Greeter.Started.Task;
            var second = new Greeter().Greet("a", leave.Token).AsTask();
            greeter.Language = "de"; Greeter.Go.SetResult();
            Say(await first, await second, await new Greeter().Greet("a", leave.Token));
            """,
            "de a en a en a", 2, 3) { Allow = ["MEMO0504"] },

        new("Nor is its failure remembered, or told to others",
            Hook + """
            public sealed class Greeter
            {
                [CacheKey] public string Language { get; set; } = "en";
                [Cached(ErrorTtl = 300)] public string Greet(string name) { _ = During.Now; Probe.Call(); return Language == "de" ? throw new InvalidOperationException(Language) : Language + " " + name; }
            }
            """,
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = "de";
            Throws<InvalidOperationException>(() => greeter.Greet("a"));
            Say(new Greeter().Greet("a"));
            Throws<InvalidOperationException>(() => greeter.Greet("a")); Throws<InvalidOperationException>(() => greeter.Greet("a"));
            """,
            "InvalidOperationException en a InvalidOperationException InvalidOperationException", 3, 4),

        new("A member of an argument can change as well, and its missing parent can appear",
            Hook + """
            public sealed class Order { public int Id { get; set; } public Order? Parent { get; set; } }
            public static class S
            {
                [Cached] public static string M([CacheKey("Id", "Parent.Id")] Order order) { _ = During.Now; return Probe.Call(order.Id + "/" + order.Parent?.Id); }
            }
            """,
            """
            var order = new Order { Id = 1 };
            During.Load = () => order.Parent = new Order { Id = 7 };
            Say(S.M(order), S.M(new Order { Id = 1 }), S.M(order), S.M(order));
            """,
            "1/7 1/ 1/7 1/7", 3, 4),

        new("Beside rules, tags and spans",
            Hook + """
            public sealed class Greeter
            {
                [CacheKey] public string Language { get; set; } = "en";
                internal static bool Empty(string value) => value.Length == 0;
                [Cached(Unless = nameof(Empty))] public string Greet(ReadOnlySpan<char> name) { _ = During.Now; return Probe.Call(Language + " " + name.ToString()); }
            }
            """,
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = "de";
            Say(greeter.Greet("a"), new Greeter().Greet("a"), new Greeter().Greet("a"));
            """,
            "de a en a en a", 2, 3),

        new("A batch is asked as well",
            Hook + """
            public sealed class Greeter
            {
                [CacheKey] public string Language { get; set; } = "en";
                [Cached] public string Greet(int id) => Probe.Call(Language + id);
                [CachedBatch(nameof(Greet))] public Dictionary<int, string> GreetAll(int[] ids) { _ = During.Now; Probe.Call(); return ids.ToDictionary(id => id, id => Language + id); }
            }
            """,
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = "de";
            Say(string.Join(",", greeter.GreetAll([1, 2]).Values), new Greeter().Greet(1), string.Join(",", new Greeter().GreetAll([1, 2]).Values), new Greeter().Greet(2));
            """,
            "de1,de2 en1 en1,en2 en2", 3, 4),

        new("A getter that throws at the end leaves the result with its caller",
            Hook + """
            public sealed class Greeter
            {
                string? _language = "en";
                [CacheKey] public string Language { get => _language ?? throw new ObjectDisposedException(null); set => _language = value; }
                [Cached] public string Greet(string name) { var language = Language; _ = During.Now; return Probe.Call(language + " " + name); }
            }
            """,
            """
            var greeter = new Greeter();
            During.Load = () => greeter.Language = null!;
            Say(greeter.Greet("a"), new Greeter().Greet("a"), new Greeter().Greet("a"));
            """,
            "en a en a en a", 2, 3),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Keys(string name) => Table.Verify(_shapes, name);
}
