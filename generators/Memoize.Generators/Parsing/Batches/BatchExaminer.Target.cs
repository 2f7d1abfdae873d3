using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

// Which cached method the batch is of.
internal sealed partial class BatchExaminer
{
    // Null where there is none; that is a problem, unless the cached method has one of its own.
    private BatchTarget? FindSingle()
    {
        var (owner, name) = Attributes.TargetOf(_batch, _method);
        if (owner is null || owner.TypeKind == TypeKind.Error || name.Length == 0)
        {
            return null;
        }

        var methods = Lineage.Of(owner)
            .Select(type => type.GetMembers(name).OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary && !m.IsPartialImplementation()).ToList())
            .FirstOrDefault(found => found.Count > 0) ?? [];
        if (methods.Count == 0)
        {
            ReportTarget(owner, name, $"'{Names.Short(owner)}' has no such method");
            return null;
        }

        var cached = methods.Where(method => _facts.IsCached(method, _cancellation)).ToList();
        if (cached.Count == 0)
        {
            ReportTarget(owner, name, $"that is not cached; {(IsForeign ? ForeignDecorators.HowToCache(methods[0]) : "put [Cached] on it")}");
            return null;
        }

        if (WhyNot(cached[0]) is { } reason)
        {
            Report(Rules.BatchTarget, AttributeLocation, _display, name, reason);
            return null;
        }

        return Choose(cached);
    }

    private string? WhyNot(IMethodSymbol single)
    {
        var type = single.ContainingType;
        return single switch
        {
            _ when !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly) && Attributes.Cached(single) is not null =>
                $"that is in '{type.ContainingAssembly.Name}', and a batch stands in the assembly of its cached method",
            { ContainingType.TypeKind: TypeKind.Interface } when !Lineage.Of(_method.ContainingType).Contains(type, SymbolEqualityComparer.Default) =>
                "that is a member of an interface, whose entries belong to each of its decorators; declare the batch in the interface, too, or cache the implementing method",
            { ContainingType.TypeKind: not TypeKind.Interface } when _method.ContainingType.TypeKind == TypeKind.Interface =>
                $"that is no member of '{Names.Short(_method.ContainingType)}', and a decorator has the caches of its own members; put the attribute on the implementing method",
            { IsGenericMethod: true } => "that is generic, and each combination of type arguments has entries of its own; write a cached method for each type",
            _ when CellNames.TypeParametersOf(type).Any() && !SymbolEqualityComparer.Default.Equals(type, _method.ContainingType) =>
                $"that is declared in the generic type '{Names.Short(type)}', and then the batch must be declared there, too",
            _ => null,
        };
    }

    // Of several overloads, the one whose key the parameters make.
    private BatchTarget? Choose(IReadOnlyList<IMethodSymbol> cached)
    {
        List<BatchTarget> fitting = [];
        IReadOnlyList<Problem>? problems = null;
        foreach (var method in cached)
        {
            // A refused declaration has its own error.
            if (_facts.EntriesOf(method, _cancellation)?.Model is not { } model)
            {
                problems ??= [];
                continue;
            }

            List<Problem> found = [];
            if (model.Rules.When is not null)
            {
                problems = [new Problem(Rules.BatchTarget, AttributeLocation, _display, method.Name, "its When decides call by call, which a batch cannot; remove When, or call the method for each item")];
            }
            else if (MatchUp(method, model, found) is { } target)
            {
                fitting.Add(target);
            }
            else if (problems is null || problems.Count == 0)
            {
                problems = found;
            }
        }

        if (fitting.Count > 1)
        {
            Report(Rules.BatchTarget, AttributeLocation, _display, cached[0].Name, $"{string.Join(" and ", fitting.Select(fit => $"'{Names.Short(fit.Method)}'"))} fit; give one of them another name");
            return null;
        }

        if (fitting.Count == 0)
        {
            _problems.AddRange(problems ?? []);
            return null;
        }

        return fitting[0];
    }

    private void ReportTarget(INamedTypeSymbol owner, string name, string reason)
    {
        var near = NearNames.To(name, Lineage.Of(owner).SelectMany(type => type.GetMembers())
            .Where(member => member is IMethodSymbol && member.Name != name && _facts.IsCached((IMethodSymbol)member, _cancellation))
            .Select(member => member.Name));
        _problems.Add(new Problem(Rules.BatchTarget, AttributeLocation, _display, name, reason + (near is null ? "" : $"; did you mean '{near}'?"))
        {
            Fix = near is null ? null : FixProperties.Name,
            Subject = near,
        });
    }
}
