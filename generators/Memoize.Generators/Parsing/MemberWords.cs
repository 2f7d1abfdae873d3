using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>What the text of one member tells about the names in it, without a look at its nodes.</summary>
internal sealed class MemberWords
{
    private readonly MemberDeclarationSyntax _member;
    private readonly string _text;
    private readonly int _start;

    private MemberWords(MemberDeclarationSyntax member, string text)
    {
        _member = member;
        _text = text;
        _start = member.SpanStart;
    }

    /// <summary>Null where names may be spelled otherwise than they read: with escapes, or with characters that do not count.</summary>
    public static MemberWords? Of(MemberDeclarationSyntax member)
    {
        var text = member.SyntaxTree.GetText().ToString(member.Span);
        return text.Contains("\\u") || text.Contains("\\U") || text.Any(DoesNotCount) ? null : new MemberWords(member, text);
    }

    /// <summary>Whether something in the member, a variable, a parameter, a local function, has the name.</summary>
    public bool Declares(string name) => (_member is PropertyDeclarationSyntax && name is "value" or "field") || Count(name, most: 1) > 0;

    /// <summary>Whether exactly one thing in the member has the name.</summary>
    public bool DeclaresOnce(string name) => Count(name, most: 2) == 1;

    /// <summary>Whether a value of the type dynamic may come up in the member.</summary>
    public bool MayYield(DynamicSources dynamic) => dynamic.AreEverywhere || dynamic.Names.Any(name => PlacesOf(name).Any());

    // A token of that name that is not a use of it: whatever it is, it may be a declaration.
    private int Count(string name, int most) => PlacesOf(name)
        .Select(place => _member.FindToken(place))
        .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && token.Parent is not IdentifierNameSyntax)
        .Take(most)
        .Count();

    private IEnumerable<int> PlacesOf(string name)
    {
        // A name that is missing in half-typed code is everywhere.
        for (var at = name.Length == 0 ? -1 : _text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = _text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsPart(_text[at - 1])) && (at + name.Length == _text.Length || !IsPart(_text[at + name.Length])))
            {
                yield return _start + at;
            }
        }
    }

    private static bool DoesNotCount(char c) => c >= 128 && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format;

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';
}
