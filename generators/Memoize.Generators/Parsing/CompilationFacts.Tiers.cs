namespace Memoize.Generators.Parsing;

// What the compilation says about how results are written.
internal sealed partial class CompilationFacts
{
    /// <summary>Whether results can be in MemoryPack's format: where the package is that brings it.</summary>
    public bool HasMemoryPack => _compilation.GetTypeByMetadataName("Memoize.MemoryPack.MemoryPackSerializerFactory") is not null;
}
