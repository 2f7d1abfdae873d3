using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

/// <summary>Why something cannot be cached, and where to say so. Only analyzers turn it into a diagnostic.</summary>
internal readonly struct Problem(DiagnosticDescriptor rule, Location? location, params object[] arguments)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, location, arguments);
}
