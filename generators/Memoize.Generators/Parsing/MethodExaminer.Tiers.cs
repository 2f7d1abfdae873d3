using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// What is shared with other processes.
internal sealed partial class MethodExaminer
{
    /// <returns>The shape of the result as a number; null where there are no tiers.</returns>
    private string? ReadTiers(ReceiverModel? receiver, ITypeSymbol value, IReadOnlyList<KeyFieldModel> fields)
    {
        if (Chain.Tiers.Count == 0)
        {
            return null;
        }

        var reason = receiver is { PerInstance: true } ? "each instance has a cache of its own (PerInstance), and an instance has no identity outside its process; mark what tells instances apart with [CacheKey] instead"
            : DependsOnTypeParameter(value) ? $"its result '{Names.Short(value)}' is made of its type parameters, so that its shape is not known when it is compiled; share a method for each type"
            : fields.FirstOrDefault(field => field.Unshared is not null) is { } part ? $"'{part.Label}' is in its key: {part.Unshared}"
            : null;
        if (reason is not null)
        {
            _problems.Add(new Problem(Rules.Tiers, AttributeLocation, string.Join(", ", Chain.Tiers), _display, reason) { Fix = "Tiers" });
        }

        return DependsOnTypeParameter(value) ? null : "0x" + StableHash.Hex(ResultShape.Of(value), 16) + "UL";
    }

    private static bool DependsOnTypeParameter(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => DependsOnTypeParameter(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(DependsOnTypeParameter) || (named.ContainingType is { } outer && DependsOnTypeParameter(outer)),
        _ => false,
    };
}
