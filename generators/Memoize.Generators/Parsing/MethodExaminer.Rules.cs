using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// The user's methods that decide about calls (When) and values (Unless, TtlFrom, Weigher).
internal sealed partial class MethodExaminer
{
    private RulesModel ReadRules(Door door, ITypeSymbol value, EquatableArray<ParameterModel> parameters, List<AccessorModel> accessors)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var when = ReadRule(door, "When", null, "bool", accessors, []);
        var unless = ReadRule(door, "Unless", value, "bool", accessors, used);
        var ttlFrom = ReadRule(door, "TtlFrom", value, "TimeSpan", accessors, used);
        var weigher = ReadRule(door, "Weigher", value, "long", accessors, used);
        if (weigher is not null && !_cached.HasNamed("MaxBytes"))
        {
            ReportOption($"Weigher = {Name("Weigher")}", "without MaxBytes nothing is weighed; give a bound, or remove it");
        }
        else if (weigher is null && _cached.HasNamed("MaxBytes") && !_cached.HasNamed("Weigher"))
        {
            weigher = WeightOf(value);
            if (weigher is null)
            {
                ReportOption("MaxBytes", $"nothing says what a '{Names.Short(value)}' weighs; name a method with Weigher");
            }
        }

        return new RulesModel(when, unless, ttlFrom, weigher, parameters.Where(p => used.Contains(p.Name)).ToEquatableArray());
    }

    private string? Name(string option) => _cached.Named<string?>(option, null);

    // What is there to weigh without asking anybody.
    private static string? WeightOf(ITypeSymbol value) => value switch
    {
        { SpecialType: SpecialType.System_String } => "({0}?.Length ?? 0) * 2L",
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => "{0}?.Length ?? 0",
        INamedTypeSymbol { Arity: 1, Name: "ReadOnlyMemory" or "Memory" } memory when memory.TypeArguments[0].SpecialType == SpecialType.System_Byte => "{0}.Length",
        INamedTypeSymbol { Arity: 1, Name: "ImmutableArray" } array when array.TypeArguments[0].SpecialType == SpecialType.System_Byte => "{0}.IsDefault ? 0 : {0}.Length",
        _ => null,
    };

    // The value is null where the rule is about the arguments alone; used collects the parameters whose arguments it takes.
    private string? ReadRule(Door door, string option, ITypeSymbol? value, string result, List<AccessorModel> accessors, HashSet<string> used)
    {
        if (!_cached.HasNamed(option))
        {
            return null;
        }

        var name = Name(option);
        var candidates = RuleCandidates(name ?? "").ToList();
        if (candidates.Count == 0)
        {
            var near = NearNames.To(name ?? "", RuleNames);
            ReportRule(option, name, $"there is no method of that name in '{Names.Short(_method.ContainingType)}'{(near is null ? "" : $"; did you mean '{near}'?")}", near);
            return null;
        }

        var fits = candidates.Select(candidate => (Method: candidate, Fit: RuleFit.Of(candidate, _method, value, result, _compilation))).ToList();
        var best = fits.Where(f => f.Fit.Problem is null).OrderByDescending(f => f.Method.Parameters.Length).ToList();
        if (best.Count == 0)
        {
            ReportRule(option, name, fits[0].Fit.Problem + (fits.Count > 1 ? $"; none of its {fits.Count} overloads fits" : ""));
            return null;
        }

        if (best.Count > 1 && best[0].Method.Parameters.Length == best[1].Method.Parameters.Length)
        {
            ReportRule(option, name, "two of its overloads fit equally well; give one of them a name of its own");
            return null;
        }

        used.UnionWith(best[0].Fit.Parameters);
        var (call, receiver) = CallOf(door, best[0].Method, option, accessors);
        return $"{call}({string.Join(", ", (receiver.Length > 0 ? [receiver] : Array.Empty<string>()).Concat(best[0].Fit.Arguments))})";
    }

    private IEnumerable<IMethodSymbol> RuleCandidates(string name)
    {
        for (ITypeSymbol? type = _method.ContainingType; type is not null; type = type.BaseType)
        {
            var found = type.GetMembers(name).OfType<IMethodSymbol>()
                .Where(m => m.MethodKind == MethodKind.Ordinary && _compilation.IsSymbolAccessibleWithin(m, _method.ContainingType))
                .ToList();
            if (found.Count > 0)
            {
                return found;
            }
        }

        return [];
    }

    private IEnumerable<string> RuleNames => _method.ContainingType.GetMembers().OfType<IMethodSymbol>()
        .Where(m => m.MethodKind == MethodKind.Ordinary && !SymbolEqualityComparer.Default.Equals(m, _method))
        .Select(m => m.Name);

    private void ReportRule(string option, string? name, string reason, string? near = null) =>
        _problems.Add(new Problem(Rules.RuleMethod, AttributeLocation, $"{option} = {(name is null ? "null" : $"\"{name}\"")}", _display, reason) { Fix = option, Subject = near });
}
