namespace Memoize.AotSmoke;

/// <summary>Private methods, which generated code reaches only through accessors, in types of every kind.</summary>
sealed class Vault
{
    public static readonly Counters Loads = new();

    public int Open(int code) => Count(code) + Twice(code);

    public string Text<T>(T value) where T : IEquatable<T> => Show(value);

    [Cached]
    private int Count(int code)
    {
        Loads.Count();
        return code;
    }

    [Cached]
    private static int Twice(int code)
    {
        Loads.Count();
        return 2 * code;
    }

    [Cached]
    private string Show<T>(T value) where T : IEquatable<T>
    {
        Loads.Count($"Show {typeof(T).Name}");
        return $"{value}";
    }

    /// <summary>Nested, generic, and private itself to what is outside.</summary>
    internal sealed class Drawer<TItem>
        where TItem : notnull
    {
        public string Find(int id) => Look(id) + Label<string>(id);

        [Cached]
        private string Look(int id)
        {
            Loads.Count($"Look {typeof(TItem).Name}");
            return typeof(TItem).Name + id;
        }

        [Cached]
        private static string Label<TOther>(int id)
        {
            Loads.Count($"Label {typeof(TItem).Name} {typeof(TOther).Name}");
            return typeof(TOther).Name + id;
        }
    }
}

/// <summary>A static class cannot be named as the receiver of an accessor, and is found by its name.</summary>
static class Safe
{
    public static readonly Counters Loads = new();

    public static int Open(int code) => Hidden(code);

    [Cached]
    private static int Hidden(int code)
    {
        Loads.Count();
        return -code;
    }

    internal static class Inner
    {
        public static int Open(int code) => Deep(code);

        [Cached]
        private static int Deep(int code)
        {
            Loads.Count();
            return 3 * code;
        }
    }
}

/// <summary>Members that are part of the key are private, too: a field, a parameter of the constructor that was captured, a property.</summary>
sealed class Greeter(string language)
{
    public static readonly Counters Loads = new();

    [CacheKey]
    private readonly string _language = language;

    [CacheKey]
    private int Length => _language.Length;

    [Cached]
    public string Greet(string name)
    {
        Loads.Count();
        return $"{_language}{Length}: {name}";
    }
}

/// <summary>What an override returns is not what the base returns: the type of the instance is part of the key.</summary>
class Animal
{
    public static readonly Counters Loads = new();

    [Cached]
    public virtual string Say(int times)
    {
        Loads.Count();
        return "…" + times;
    }
}

sealed class Dog : Animal
{
    public override string Say(int times)
    {
        Loads.Count("Dog");
        return "wow" + times;
    }
}

/// <summary>Extension methods, and members of an extension block.</summary>
static class Texts
{
    public static readonly Counters Loads = new();

    [Cached]
    public static int Vowels(this string text)
    {
        Loads.Count();
        return text.Count(static letter => "aeiou".Contains(letter));
    }

    extension(string text)
    {
        [Cached]
        public string Times(int count)
        {
            Loads.Count();
            return string.Concat(Enumerable.Repeat(text, count));
        }

        [Cached]
        public static string Blank(int count)
        {
            Loads.Count();
            return new string(' ', count);
        }
    }

    extension<T>(T value)
        where T : struct, IEquatable<T>
    {
        [Cached]
        public string Pair<TOther>(TOther other)
            where TOther : IEquatable<TOther>
        {
            Loads.Count();
            return $"{value}{other}";
        }
    }
}

/// <summary>A struct is its own key.</summary>
readonly record struct Degrees([property: CacheKey] double Celsius)
{
    public static readonly Counters Loads = new();

    [Cached]
    public double Fahrenheit(int digits)
    {
        Loads.Count();
        return Math.Round(Celsius * 1.8 + 32, digits);
    }
}

sealed record Line(string Product, int Count);

/// <summary>Batches, keys by their contents, and lifetimes that the body or a background load decides.</summary>
static class Orders
{
    public static readonly Counters Loads = new();

    [Cached(Ttl = 300)]
    public static Task<string> TitleAsync(int id)
    {
        Loads.Count();
        return Task.FromResult($"title {id}");
    }

    [CachedBatch(nameof(TitleAsync))]
    public static Task<IReadOnlyDictionary<int, string>> TitlesAsync(IReadOnlyCollection<int> ids)
    {
        Loads.Count($"TitlesAsync {ids.Count}");
        return Task.FromResult<IReadOnlyDictionary<int, string>>(ids.ToDictionary(static id => id, static id => $"title {id}"));
    }

    [Cached]
    public static decimal Price([CacheKey(Structural = true)] IReadOnlyList<Line> lines, [CacheKey(Structural = true)] IReadOnlyDictionary<string, decimal> prices)
    {
        Loads.Count();
        return lines.Sum(line => line.Count * prices[line.Product]);
    }

    [Cached(Ttl = 300, StaleIfError = 3600, RefreshAhead = 0.8, ErrorTtl = 1, Tags = new[] { "orders" })]
    public static async ValueTask<int> StockAsync<TShop>(string product, CancellationToken cancellationToken = default)
    {
        Loads.Count($"StockAsync {typeof(TShop).Name}");
        await Task.Delay(1, cancellationToken);
        return product.Length;
    }

    [Updates(nameof(TitleAsync))]
    public static Task<string> RenameAsync(int id) => Task.FromResult($"new {id}");
}
