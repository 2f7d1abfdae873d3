using Memoize.Generators.Emit;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Which calls the generated code of a compilation takes, read from that code: what an analyzer need not find out again.</summary>
internal static class InterceptedCalls
{
    private const string Opening = "[@" + InterceptorFileEmitter.Attribute + "(1, \"";

    /// <summary>The locations, as the compiler encodes them.</summary>
    public static HashSet<string> In(Compilation compilation)
    {
        var locations = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees.Where(InterceptorFileEmitter.Wrote))
        {
            var text = tree.GetText().ToString();
            for (var at = text.IndexOf(Opening, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Opening, at, StringComparison.Ordinal))
            {
                at += Opening.Length;
                locations.Add(text.Substring(at, text.IndexOf('"', at) - at));
            }
        }

        return locations;
    }
}
