using Memoize.Keys;

namespace Memoize.Benchmarks;

/// <summary>What the hash of a string costs by its length; see docs/decisions/0002-string-hash.md.</summary>
internal static class StringHashes
{
    public static IEnumerable<Subject> All()
    {
        foreach (var length in new[] { 9, 20, 40, 100 })
        {
            var strings = Enumerable.Range(0, Keys.Count).Select(i => $"{i}".PadRight(length, 'x')).ToArray();
            yield return new($"hash of {length} characters", "string.GetHashCode", () =>
            {
                var sum = 0;
                foreach (var text in strings)
                    sum += text.GetHashCode(StringComparison.Ordinal);
                return sum;
            });
            yield return new($"hash of {length} characters", "KeyPart.Hash (XxHash3)", () =>
            {
                var sum = 0;
                foreach (var text in strings)
                    sum += KeyPart.Hash(text);
                return sum;
            });
            yield return new($"hash of {length} characters", "folded multiply", () =>
            {
                var sum = 0;
                foreach (var text in strings)
                    sum += FoldedMultiply.Hash(text);
                return sum;
            });
        }
    }
}
