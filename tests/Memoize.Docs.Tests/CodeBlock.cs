namespace Memoize.Docs.Tests;

/// <summary>What a C# block of a page promises about itself, in the words that follow <c>csharp</c> on its opening line.</summary>
internal enum Promise
{
    /// <summary><c>```csharp</c>: a file of its own that compiles without a diagnostic.</summary>
    Compiles,

    /// <summary><c>```csharp continues</c>: compiles together with the blocks before it on the page, back to the last that does not continue.</summary>
    Continues,

    /// <summary><c>```csharp wrong MEMO0101</c>: gives exactly this diagnostic, or these, and compiles otherwise.</summary>
    Wrong,

    /// <summary><c>```csharp generated</c>: stands, apart from white space, in what is generated for the blocks before it.</summary>
    Generated,

    /// <summary><c>&lt;!--csharp … --&gt;</c>: what the next block needs and the reader does not; compiled together with it.</summary>
    Hidden,

    /// <summary><c>```csharp shape</c>: shows a shape with parts left out (<c>…</c>), and is not compiled.</summary>
    Shape,
}

/// <summary>One C# block of a page.</summary>
internal sealed record CodeBlock(string Page, int Line, Promise Promise, IReadOnlyList<string> Diagnostics, string Code)
{
    private const string Fence = "```";

    public static IEnumerable<CodeBlock> In(string page, string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var hidden = lines[i].Trim() == "<!--csharp";
            if (!hidden && !lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
                continue;

            var words = lines[i].Trim()[Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var first = i + 1;
            do
                i++;
            while (i < lines.Length && lines[i].Trim() != (hidden ? "-->" : Fence));

            if (hidden)
                yield return new CodeBlock(page, first, Promise.Hidden, [], string.Join('\n', lines[first..i]) + "\n");
            else if (words is ["csharp" or "cs" or "c#", .. var promise])
                yield return Of(page, first, promise, string.Join('\n', lines[first..i]) + "\n");
        }
    }

    private static CodeBlock Of(string page, int line, string[] promise, string code) => promise switch
    {
        [] => new(page, line, Promise.Compiles, [], code),
        ["continues"] => new(page, line, Promise.Continues, [], code),
        ["generated"] => new(page, line, Promise.Generated, [], code),
        ["shape"] => new(page, line, Promise.Shape, [], code),
        ["wrong", .. { Length: > 0 } ids] => new(page, line, Promise.Wrong, ids, code),
        _ => throw new InvalidDataException($"{page}:{line}: '{string.Join(' ', promise)}' says nothing about a C# block."),
    };

    public override string ToString() => $"{Page}:{Line}";
}
