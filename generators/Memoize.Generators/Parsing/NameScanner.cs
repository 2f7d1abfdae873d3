using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Finds the places in a file that mention one of a few names, by reading its text. A large project has millions of syntax nodes
/// and some thousand calls of cached methods; this makes nodes for the calls only.
/// </summary>
internal sealed class NameScanner
{
    private readonly HashSet<string> _names;

    // One bit for a length and a first character: most identifiers of a file are told from the names without being looked up.
    private readonly bool[] _mayBe = new bool[1024];

    public NameScanner(HashSet<string> names)
    {
        _names = names;
        Text = string.Join(" ", names.OrderBy(name => name, StringComparer.Ordinal));
        foreach (var name in names)
        {
            _mayBe[Bit(name[0], name.Length)] = true;
        }
    }

    /// <summary>The names, as a text that is equal for equal sets.</summary>
    public string Text { get; }

    /// <summary>Whether it is one of the names.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>All mentions in code, in the order of the text: not in comments, strings, or where the name is declared.</summary>
    public IReadOnlyList<SimpleNameSyntax> MentionsIn(SyntaxTree tree, CancellationToken cancellation)
    {
        var found = new List<SimpleNameSyntax>();
        if (_names.Count == 0)
        {
            return found;
        }

        var root = tree.GetRoot(cancellation);
        var text = tree.GetText(cancellation).ToString();
        if (HasEscapes(text))
        {
            found.AddRange(root.DescendantNodes().OfType<SimpleNameSyntax>().Where(name => _names.Contains(name.Identifier.ValueText)));
            return found;
        }

        for (var start = 0; start < text.Length; start++)
        {
            if (!IsPart(text[start]))
            {
                continue;
            }

            var end = start + 1;
            var plain = text[start] < 128;
            while (end < text.Length && IsPart(text[end]))
            {
                plain &= text[end++] < 128;
            }

            if (MayBeNamed(text, start, end, plain)
                && root.FindToken(start) is var token
                && token.Span.Contains(start)
                && token.Parent is SimpleNameSyntax name
                && _names.Contains(token.ValueText))
            {
                found.Add(name);
            }

            start = end;
        }

        return found;
    }

    // Beyond ASCII an identifier may hold characters that do not count, so the token itself has to be asked.
    private bool MayBeNamed(string text, int start, int end, bool plain) =>
        !plain || (_mayBe[Bit(text[start], end - start)] && _names.Contains(text.Substring(start, end - start)));

    private static bool IsPart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or >= (char)128;

    private static int Bit(char first, int length) => ((first * 31) + length) & 1023;

    // An identifier can be spelled with \u0041. That is rare in code and common in strings, so only the whole tree can tell.
    private static bool HasEscapes(string text) => text.Contains("\\u") || text.Contains("\\U");
}
