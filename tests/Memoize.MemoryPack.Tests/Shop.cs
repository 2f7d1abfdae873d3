using Memoize;
using MemoryPack;

namespace Shop;

[MemoryPackable]
public sealed partial record Line(string Article, decimal Price, IReadOnlyList<int> Sizes, Dictionary<string, DateTime?> Dates);

[MemoryPackable]
public sealed partial record Shape(int Id);

public sealed record Unknown(string Text);

public static class Bills
{
    private static int runs;

    public static int Runs => runs;

    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.line")]
    public static Line Of(string article)
    {
        Interlocked.Increment(ref runs);
        return new(article, 1.50m, [1, 2], new() { ["a"] = null, ["b"] = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) });
    }

    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.unknown")]
    public static Unknown Text(string text)
    {
        Interlocked.Increment(ref runs);
        return new(text);
    }
}
