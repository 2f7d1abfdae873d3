using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes.Frame;

/// <summary>What the step that adds usings looks for.</summary>
internal static class Imports
{
    /// <summary>On a name, brings the using of the type.</summary>
    public static SyntaxAnnotation[] Of(string metadataName) => [Simplifier.AddImportsAnnotation, new("SymbolId", "T:" + metadataName)];
}
