using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Files of equal content, whose calls the compiler cannot tell apart.</summary>
internal static class Twins
{
    // Lengths first: hardly any two files are equally long, so hardly any has to be hashed.
    public static HashSet<SyntaxTree> In(Compilation compilation) => new(compilation.SyntaxTrees
        .GroupBy(tree => tree.Length)
        .Where(equallyLong => equallyLong.Skip(1).Any())
        .SelectMany(equallyLong => equallyLong.GroupBy(tree => Convert.ToBase64String([.. tree.GetText().GetContentHash()])))
        .Where(twins => twins.Skip(1).Any())
        .SelectMany(twins => twins));
}
