using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// What the compilation says about how results are written.
internal sealed partial class CompilationFacts
{
    private HashSet<ITypeSymbol>? _json;

    /// <summary>Whether results can be in MemoryPack's format: where the package is that brings it.</summary>
    public bool HasMemoryPack => _compilation.GetTypeByMetadataName("Memoize.MemoryPack.MemoryPackSerializerFactory") is not null;

    /// <summary>Whether JSON writes the result, and no context of this compilation, or of an assembly that it references, brings what that needs without reflection.</summary>
    public bool NeedsJsonContext(ITypeSymbol result) =>
        result.SpecialType != SpecialType.System_String
        && result is not IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte }
        && !(HasMemoryPack && PackLoss.IsPackable(result))
        && !(_json ??= JsonContexts.TypesOf(_compilation, DerivedFrom)).Contains(result);
}
