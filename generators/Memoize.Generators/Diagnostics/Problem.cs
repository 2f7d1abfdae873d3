using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

/// <summary>Why something cannot be cached, and where to say so. Only analyzers turn it into a diagnostic.</summary>
internal readonly struct Problem(DiagnosticDescriptor rule, Location? location, params object[] arguments)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    /// <summary>What a code fix wants to know: see <see cref="FixProperties"/>.</summary>
    public string? Fix { get; init; }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Rule,
        location,
        Fix is null ? null : ImmutableDictionary<string, string?>.Empty.Add(FixProperties.Fix, Fix),
        arguments);
}
