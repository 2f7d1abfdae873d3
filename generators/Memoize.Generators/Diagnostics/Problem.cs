using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

/// <summary>Why something cannot be cached, and where to say so. Only analyzers turn it into a diagnostic.</summary>
internal readonly struct Problem(DiagnosticDescriptor rule, Location? location, params object[] arguments)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    public Location? Location => location;

    /// <summary>What a code fix wants to know: see <see cref="FixProperties"/>.</summary>
    public string? Fix { get; init; }

    /// <summary>What the fix is about: see <see cref="FixProperties.Subject"/>.</summary>
    public string? Subject { get; init; }

    /// <summary>Another place that has to do with it, such as the member that the method reads.</summary>
    public Location? Elsewhere { get; init; }

    /// <summary>The same at another place.</summary>
    public Problem At(Location? other) => new(Rule, other, arguments) { Fix = Fix, Subject = Subject, Elsewhere = Elsewhere };

    public Diagnostic ToDiagnostic()
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (Fix is not null)
        {
            properties = properties.Add(FixProperties.Fix, Fix).Add(FixProperties.Subject, Subject);
        }

        return Diagnostic.Create(Rule, location, Elsewhere is null ? null : [Elsewhere], properties, arguments);
    }
}
