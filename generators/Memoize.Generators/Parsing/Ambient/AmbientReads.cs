using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Ambient;

/// <summary>Where a body reads what the assembly declares, and what the other rules of bodies leave to these declarations.</summary>
internal sealed class AmbientReads(AmbientSources sources, Variation variation, CompilationFacts facts, CancellationToken cancellation)
{
    /// <summary>Reads of declared values about which the method has said nothing.</summary>
    public IEnumerable<(Finding Finding, AmbientSource Source)> In(Body body)
    {
        if (sources.All.Count == 0)
        {
            yield break;
        }

        foreach (var part in body.Parts)
        {
            foreach (var operation in part.Operations)
            {
                if (sources.ReadBy(operation) is { Problem: null } source
                    && operation.IsRead()
                    && !variation.Decides(source)
                    && !Use.IsOnlyObserved(operation, body, isDuration: false))
                {
                    yield return (new Finding(operation, source.Member!.OriginalDefinition, Finding.Quote(source.Member)) { Part = part }, source);
                }
            }
        }
    }

    /// <summary>The findings of another rule that are its own: what is declared, or settled by a declaration, is not.</summary>
    public IEnumerable<Finding> WithoutDeclared(IEnumerable<Finding> findings) => sources.All.Count == 0
        ? findings
        : findings.Where(finding => sources.ReadBy(finding.Operation) is null).Select(Advised);

    /// <summary>Findings about the culture. A source that gives the culture, or its name, settles all that looks at it.</summary>
    public IEnumerable<Finding> WithoutDeclaredCulture(IEnumerable<Finding> findings)
    {
        foreach (var finding in WithoutDeclared(findings))
        {
            var gives = sources.All.Where(source => source.Problem is null && GivesCulture(source, Cultures.IsOfTexts(finding))).ToList();
            if (!gives.Any(variation.Decides))
            {
                yield return finding with { Advice = gives.Count == 0 ? "" : $", or set VaryBy = \"{gives[0].Name}\"" };
            }
        }
    }

    private Finding Advised(Finding finding)
    {
        // Static state has advice of its own, and only what stands beside a declared value can be meant by it.
        var near = finding.Advice.Length == 0
            ? sources.All
            : sources.All.Where(source => SymbolEqualityComparer.Default.Equals(source.Member?.ContainingType, finding.Source.ContainingType)).ToList();
        return near.Count == 0 ? finding : finding with { Advice = finding.Advice + $", or read what is declared with CacheVaryBy ({string.Join(", ", near.Select(source => $"'{source.Name}'"))}) and set VaryBy" };
    }

    private bool GivesCulture(AmbientSource source, bool ofTexts)
    {
        var wanted = ofTexts ? "CurrentUICulture" : "CurrentCulture";
        if (IsIt(source.Member!))
        {
            return true;
        }

        var code = source.Member switch
        {
            IPropertySymbol { GetMethod: { } getter } => getter,
            IMethodSymbol method => method,
            _ => null,
        };
        return code is not null && facts.CodeOf(code, cancellation)
            .SelectMany(root => root.Descendants())
            .OfType<IPropertyReferenceOperation>()
            .Any(reference => IsIt(reference.Property)
                && reference.Parent is not IMemberReferenceOperation { Member.Name: not "Name" } and not IInvocationOperation);

        bool IsIt(ISymbol member) => member.Name == wanted && AmbientSource.IsCultureInfo(member.ContainingType);
    }
}
