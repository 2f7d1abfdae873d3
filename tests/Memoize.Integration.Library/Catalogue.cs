namespace Memoize.Integration.Library;

/// <summary>Public cached methods of every door, seen from another assembly.</summary>
public sealed partial class Catalogue
{
    /// <summary>How often originals of this class ran.</summary>
    public static int Runs { get; private set; }

    /// <summary>The plain door.</summary>
    /// <param name="id">The article.</param>
    /// <param name="language">Its language.</param>
    [Cached(Ttl = 300, MaxSize = 1000)]
    public string Title(int id, string language = "en")
    {
        Runs++;
        return $"{id}:{language}";
    }

    /// <summary>Calls <see cref="Title"/> from inside its own assembly.</summary>
    /// <param name="id">The article.</param>
    public string TitleFromInside(int id) => Title(id);

    /// <summary>The partial door.</summary>
    /// <param name="id">The article.</param>
    /// <param name="cancellationToken">Leaves the wait.</param>
    [Cached(Ttl = 300)]
    public partial Task<decimal> PriceAsync(int id, CancellationToken cancellationToken = default);

    private static async Task<decimal> PriceAsyncCore(int id, CancellationToken cancellationToken)
    {
        Runs++;
        await Task.Delay(1, cancellationToken);
        return id * 1.5m;
    }
}

/// <summary>A generic type and an extension.</summary>
/// <typeparam name="T">What is counted.</typeparam>
public class Counter<T>
    where T : IEquatable<T>
{
    /// <summary>How often the original ran for this type argument.</summary>
    public static int Runs { get; private set; }

    /// <summary>Counts, once.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="item">What.</param>
    /// <param name="key">For whom.</param>
    [Cached]
    public string Count<TKey>(T item, TKey key)
        where TKey : struct, IEquatable<TKey>
    {
        Runs++;
        return $"{item}/{key}";
    }
}

/// <summary>An extension method.</summary>
public static class TextExtensions
{
    /// <summary>How often the original ran.</summary>
    public static int Runs { get; private set; }

    /// <summary>Reverses, once.</summary>
    /// <param name="text">The text.</param>
    [Cached]
    public static string Reversed(this string text)
    {
        Runs++;
        return string.Concat(text.Reverse());
    }
}
