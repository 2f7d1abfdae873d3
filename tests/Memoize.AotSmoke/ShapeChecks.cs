using Microsoft.Extensions.DependencyInjection;

namespace Memoize.AotSmoke;

/// <summary>An interface that only the container gives, with generic methods and writes.</summary>
interface IShelves
{
    [Cached(Ttl = 300)]
    T? Get<T>(int id)
        where T : class;

    [Cached(Ttl = 300)]
    Task<string> NameAsync(int id, CancellationToken cancellationToken = default);

    [CachedBatch(nameof(NameAsync))]
    Task<IReadOnlyDictionary<int, string>> NamesAsync(IReadOnlyCollection<int> id, CancellationToken cancellationToken = default);

    [Evicts(nameof(NameAsync))]
    Task RenameAsync(int id);

    int Count { get; }
}

sealed class Shelves : IShelves
{
    public static readonly Counters Loads = new();

    public int Count => 7;

    public T? Get<T>(int id)
        where T : class
    {
        Loads.Count($"Get {typeof(T).Name}");
        return id == 0 ? null : (T)(object)(typeof(T).Name + id);
    }

    public Task<string> NameAsync(int id, CancellationToken cancellationToken = default)
    {
        Loads.Count();
        return Task.FromResult($"name {id}");
    }

    public Task<IReadOnlyDictionary<int, string>> NamesAsync(IReadOnlyCollection<int> id, CancellationToken cancellationToken = default)
    {
        Loads.Count($"NamesAsync {id.Count}");
        return Task.FromResult<IReadOnlyDictionary<int, string>>(id.ToDictionary(static one => one, static one => $"name {one}"));
    }

    public Task RenameAsync(int id) => Task.CompletedTask;
}

/// <summary>The shapes that generated code reaches in ways of their own: each is called three times, and counted where it runs.</summary>
static class ShapeChecks
{
    public static async Task RunAsync(Action<string, object?, object?> check)
    {
        var vault = new Vault();
        for (var i = 0; i < 3; i++)
        {
            check("private: result", vault.Open(3), 9);
            check("private generic: result", vault.Text(4) + vault.Text("four"), "4four");
            check("a tuple for a type parameter: result", vault.Text((1, "two", 0.5)) + vault.Text((1, -0.0)) + vault.Text((1, 0.0)), "(1, two, 0.5)(1, -0)(1, 0)");
            check("private in a nested generic type: result", new Vault.Drawer<Dog>().Find(5) + new Vault.Drawer<int>().Find(5), "Dog5String5Int325String5");
            check("private of a static class: result", Safe.Open(6) + Safe.Inner.Open(6), 12);
            check("keyed members: result", new Greeter("de").Greet("Ada") + new Greeter("en").Greet("Ada"), "de2: Adaen2: Ada");
            check("virtual: result", Say(new Animal()) + Say(new Dog()), "…2wow2");
            check("extension: result", "banana".Vowels(), 3);
            check("extension block: result", "ab".Times(2) + Texts.Times("ab", 2) + string.Blank(1) + 1.Pair("x"), "ababababab"[..8] + " 1x");
            check("struct: result", new Degrees(100).Fahrenheit(1), 212.0);
            check("structural: result", Orders.Price([new("tea", 2), new("jam", 1)], new Dictionary<string, decimal> { ["tea"] = 3, ["jam"] = 4 }), 10m);
            check("generic ValueTask: result", await Orders.StockAsync<Dog>("tea") + await Orders.StockAsync<int>("tea"), 6);
        }

        Equal("private: loads", Vault.Loads, ("Count", 1), ("Twice", 1), ("Show Int32", 1), ("Show String", 1), ("Show ValueTuple`3", 1), ("Show ValueTuple`2", 2), ("Look Dog", 1), ("Look Int32", 1), ("Label Dog String", 1), ("Label Int32 String", 1));
        Equal("private of a static class: loads", Safe.Loads, ("Hidden", 1), ("Deep", 1));
        Equal("keyed members: loads", Greeter.Loads, ("Greet", 2));
        Equal("virtual: loads", Animal.Loads, ("Say", 1), ("Dog", 1));
        Equal("extensions: loads", Texts.Loads, ("Vowels", 1), ("Times", 1), ("Blank", 1), ("Pair", 1));
        Equal("struct: loads", Degrees.Loads, ("Fahrenheit", 1));
        Equal("structural and generic: loads", Orders.Loads, ("Price", 1), ("StockAsync Dog", 1), ("StockAsync Int32", 1));

        check("batch", string.Join(' ', (await Orders.TitlesAsync([1, 2])).Values), "title 1 title 2");
        check("batch: what is there already", string.Join(' ', (await Orders.TitlesAsync([1, 2, 3])).Values.Order()), "title 1 title 2 title 3");
        check("batch: one", await Orders.TitleAsync(3), "title 3");
        Equal("batch: loads", Orders.Loads, ("TitlesAsync 2", 1), ("TitlesAsync 1", 1), ("TitleAsync", 0));
        await Orders.RenameAsync(3);
        check("a write updates", await Orders.TitleAsync(3), "new 3");
        Memo.EvictTag("orders");
        await Orders.StockAsync<Dog>("tea");
        Equal("a tag evicts", Orders.Loads, ("StockAsync Dog", 2));

        await using var container = new ServiceCollection().AddScoped<IShelves, Shelves>().AddMemoize().BuildServiceProvider();
        for (var i = 0; i < 3; i++)
        {
            using var scope = container.CreateScope();
            var shelves = scope.ServiceProvider.GetRequiredService<IShelves>();
            check("decorator: what has no attribute", shelves.Count, 7);
            check("decorator: generic", shelves.Get<string>(1) + shelves.Get<Dog>(0), "String1");
            check("decorator: async", await shelves.NameAsync(1), "name 1");
            check("decorator: batch", (await shelves.NamesAsync([1, 2]))[2], "name 2");
        }

        Equal("decorator: loads", Shelves.Loads, ("Get String", 1), ("Get Dog", 1), ("NameAsync", 1), ("NamesAsync 1", 1));
        using (var scope = container.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<IShelves>().RenameAsync(1);
            await scope.ServiceProvider.GetRequiredService<IShelves>().NameAsync(1);
        }

        Equal("decorator: a write evicts", Shelves.Loads, ("NameAsync", 2));

        void Equal(string what, Counters counters, params (string Name, int Count)[] expected)
        {
            foreach (var (name, count) in expected)
                check($"{what}: {name}", counters[name], count);
        }
    }

    // As an Animal, whatever it is.
    static string Say(Animal animal) => animal.Say(2);
}
