using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.CodeFixes.Partial;

/// <summary>How the file breaks lines where a member stands, so that another one can be written beside it in the same way.</summary>
/// <param name="End">The line break; null where several members share a line.</param>
/// <param name="Indentation">What stands in front of the member.</param>
internal readonly record struct Line(SyntaxTrivia? End, SyntaxTriviaList Indentation)
{
    public static Line Of(SyntaxNode member)
    {
        var breaks = member.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        var indentation = member.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        return new Line(breaks.Count > 0 ? breaks[0] : null, SyntaxFactory.TriviaList(indentation));
    }

    /// <summary>The end of this line and the start of the next.</summary>
    public SyntaxTriviaList Break() => End is { } end ? Indentation.Insert(0, end) : SyntaxFactory.TriviaList(SyntaxFactory.Space);

    /// <summary>What ends the member.</summary>
    public SyntaxTriviaList Stop() => SyntaxFactory.TriviaList(End ?? SyntaxFactory.Space);

    /// <summary>What stands between the member, which has ended, and one behind it.</summary>
    public SyntaxTriviaList Gap() => End is null ? default : Break();
}
