using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Memoize.Generators.Infrastructure;

/// <summary>Writes indented source text with the same line ends on every machine.</summary>
internal sealed class SourceWriter
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line, or several: each is indented to the current depth, and empty ones stay empty.</summary>
    public SourceWriter Line(string text = "")
    {
        for (var start = 0; start <= text.Length;)
        {
            var next = text.IndexOf('\n', start);
            var end = next < 0 ? text.Length : next;
            Append(text, start, end);
            start = end + 1;
        }

        return this;
    }

    /// <summary>Opens a block: the header, a brace, one level deeper.</summary>
    public SourceWriter Open(string header)
    {
        Line(header);
        return OpenBrace();
    }

    public SourceWriter OpenBrace()
    {
        Line("{");
        _depth++;
        return this;
    }

    public SourceWriter Close(string suffix = "")
    {
        _depth--;
        return Line("}" + suffix);
    }

    public SourceWriter Indent()
    {
        _depth++;
        return this;
    }

    public SourceWriter Outdent()
    {
        _depth--;
        return this;
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Utf8);

    public override string ToString() => _text.ToString();

    private void Append(string text, int start, int end)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            _text.Append(' ', 4 * _depth).Append(text, start, end - start);
        }

        _text.Append('\n');
    }
}
