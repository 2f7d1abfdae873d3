using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Interfaces with cached methods, their decorators, and what an assembly says about interfaces that are not its own.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DecoratorAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.TwoDoors, Rules.NoDecorator, Rules.DecoratorAttribute, Rules.InheritedWithoutDecorator];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        RegisterForeignDecorators(start, facts);
        start.RegisterSymbolAction(symbol => OfInterface(symbol, facts), SymbolKind.NamedType);
    }

    // One that has annotated members itself has its decorator, or an error at each of them.
    private static void OfInterface(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Interface)
        {
            return;
        }

        var asked = Attributes.CachedDecorator(type);
        if ((asked is null && type.AllInterfaces.IsEmpty) || type.GetMembers().Any(Attributes.IsWrapped))
        {
            return;
        }

        var location = asked?.LocationOf(context.CancellationToken) ?? type.Locations.FirstOrDefault();
        var inherited = facts.WrappedIn(type, context.CancellationToken);
        Problem? problem = null;
        if (inherited is null)
        {
            problem = asked is null ? null : new Problem(Rules.DecoratorAttribute, location, $"[CachedDecorator] on '{Names.Short(type)}'", "none of its members is cached, and none that it inherits; put [Cached] on one, or remove the attribute");
        }
        else if (facts.WhyNotDecorated(type) is { } reason)
        {
            problem = asked is null
                ? new Problem(Rules.InheritedWithoutDecorator, location, Names.Short(type), Names.Short(inherited), reason)
                : new Problem(Rules.NoDecorator, location, Names.Short(type), reason);
        }

        if (problem is { } found)
        {
            context.ReportDiagnostic(found.ToDiagnostic());
        }
    }
}
