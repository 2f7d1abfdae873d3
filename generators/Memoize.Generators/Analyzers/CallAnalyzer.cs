using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>
/// What analyzers of single calls share: nothing runs in a compilation without the attribute, and a file is looked through by the names in it.
/// An action for a kind of node would make the compiler walk every node of the program.
/// </summary>
public abstract class CallAnalyzer : DiagnosticAnalyzer
{
    private protected CallAnalyzer()
    {
    }

    /// <inheritdoc />
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Names.CachedAttribute) is not null)
            {
                var facts = CompilationFacts.Of(start.Compilation);
                start.RegisterSemanticModelAction(file => File(file, facts));
            }
        });
    }

    /// <summary>Whether a cached method of the name may be one to speak of.</summary>
    private protected abstract bool Concerns(string name, CompilationFacts facts);

    /// <summary>Looks at a call by such a name.</summary>
    private protected abstract void Call(InvocationExpressionSyntax call, SimpleNameSyntax name, SemanticModelAnalysisContext context, CompilationFacts facts);

    private void File(SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        foreach (var mention in facts.MentionsIn(context.SemanticModel.SyntaxTree, context.CancellationToken))
        {
            if (Concerns(mention.Identifier.ValueText, facts)
                && (context.FilterSpan is not { } span || span.IntersectsWith(mention.Span))
                && CallSites.InvocationOf(mention) is { } call)
            {
                Call(call, mention, context, facts);
            }
        }
    }
}
