using Memoize.Integration.Library;

[assembly: Memoize.CachedDecorator(typeof(IFormatProvider))]
[assembly: Memoize.CachedMember(typeof(IFormatProvider), nameof(IFormatProvider.GetFormat), Ttl = 60)]

namespace Memoize.Integration.Tests.Peers;

public sealed record Isbn(string Text, int Number);

/// <summary>All of them have one hash code.</summary>
public sealed record Shelves(int Number)
{
    public bool Equals(Shelves? other) => other?.Number == Number;

    public override int GetHashCode() => 1;
}

/// <summary>What the tests of Spring's promises call.</summary>
public sealed class Books([NotInKey] Stock source)
{
    [Cached(Ttl = 300)]
    public string Find(int id) => source.Read(id);

    [Cached(Ttl = 300)]
    public string All() => source.Read("all");

    [Cached(Ttl = 300)]
    public string Of(int author, string subject) => source.Read(author + subject);

    [Cached(Ttl = 300)]
    public string ByShelf(Shelves shelf) => source.Read(shelf.Number);

    [Cached(Ttl = 300)]
    public string ByIsbn(Isbn isbn, [NotInKey] bool checkWarehouse) => source.Read(checkWarehouse ? isbn.Number : isbn.Text);

    [Cached(Ttl = 300)]
    public string ByNumber([CacheKey("Number")] Isbn isbn) => source.Read(isbn.Number);

    [Cached(Ttl = 300)]
    public string Slowly(int id, [NotInKey] CountdownEvent entered, [NotInKey] ManualResetEventSlim open)
    {
        entered.Signal();
        open.Wait();
        return source.Read(id);
    }

    [Cached(Ttl = 300, When = nameof(IsShort))]
    public string ByName(string name) => source.Read(name);

    private static bool IsShort(string name) => name.Length < 32;

    [Cached(Ttl = 300, Unless = nameof(IsHardback))]
    public Task<string> Copy(string kind) => source.ReadAsync(kind);

    private static bool IsHardback(string copy) => copy.StartsWith("hardback", StringComparison.Ordinal);

    [Cached(Ttl = 300, NullTtl = 10)]
    public string? Perhaps(int id)
    {
        var text = source.Read(id);
        return id < 0 ? null : text;
    }

    [Cached(Ttl = 300)]
    public Task<string> FindAsync(int id) => source.ReadAsync(id);

    [Updates(nameof(Find))]
    public string Update(int id, string title) => source.Read($"{title} {id}");

    [Evicts(nameof(Find))]
    public void Delete(int id, string reason = "")
    {
        if (reason == "reserved")
            throw new InvalidOperationException(reason + id);
    }

    [Evicts(nameof(Find), Before = true)]
    public void DeleteAtOnce(int id, string reason) => throw new InvalidOperationException(reason + id);

    [Evicts(nameof(Find), All = true)]
    public void Load()
    {
    }

    [Evicts(nameof(Find))]
    [Evicts(nameof(All))]
    public void Import(int id)
    {
    }

    public string Twice(int id) => $"{Find(id)} {Find(id)}";

    public string TwiceHidden(int id) => $"{Hidden(id)} {Hidden(id)}";

    [Cached(Ttl = 300)]
    private string Hidden(int id) => source.Read(id);
}

[CacheDefaults(Ttl = 10)]
internal static class Shelf
{
    [Cached]
    public static string Usual(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 100)]
    public static string Special(int id, [NotInKey] Stock source) => source.Read(id);
}

internal static class BooksElsewhere
{
    [Cached(Ttl = 300, Tiers = "shared")]
    public static Task<string> FindAsync(int id, [NotInKey] Stock source) => source.ReadAsync(id);
}

public interface ILibrarian
{
    [Cached(Ttl = 300)]
    string Ask(int id);
}

internal sealed class Librarian(Stock source) : ILibrarian
{
    public string Ask(int id) => source.Read(id);
}

internal sealed class Foreign(Stock source) : IFormatProvider
{
    public object GetFormat(Type? formatType) => source.Read(formatType!.Name);
}
