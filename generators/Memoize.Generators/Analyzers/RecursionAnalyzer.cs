using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>A cached method that calls itself, directly or through others, with what is surely the key of the running call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RecursionAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SameKey, Rules.SameKeyInCircle];

    private protected override void Advise(CachedMethodContext method)
    {
        // What belongs to the caller may be another one's by the time of the inner call.
        if (method.Verdict.Model is not { Ambient.Count: 0 } model)
        {
            return;
        }

        foreach (var (call, through) in new Recursion(method.Method, model, method.Facts, method.CancellationToken).Find())
        {
            var place = call.Syntax.GetLocation();
            if (through.IsEmpty)
            {
                method.Report(Rules.SameKey, place, method.Display);
            }
            else
            {
                method.Report(Rules.SameKeyInCircle, place, method.Display, string.Join(", by way of ", through.Reverse().Select(step => $"'{Names.Short(step)}'")));
            }
        }
    }
}
