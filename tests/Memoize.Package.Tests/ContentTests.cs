using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Memoize.Package.Tests;

public sealed class ContentTests(PackedMemoize packed)
{
    [Fact]
    public void The_package_holds_exactly_these_files()
        => Assert.Equal(
            [
                "Memoize.nuspec",
                "README.md",
                "analyzers/dotnet/cs/Memoize.CodeFixes.dll",
                "analyzers/dotnet/cs/Memoize.Generators.dll",
                "build/Memoize.targets",
                "buildTransitive/Memoize.targets",
                "lib/net10.0/Memoize.dll",
                "lib/net10.0/Memoize.xml",
                "lib/net8.0/Memoize.dll",
                "lib/net8.0/Memoize.xml",
            ],
            packed.Entries());

    [Fact]
    public void It_depends_on_the_cache_the_hash_the_container_and_its_log_and_on_nothing_else()
    {
        var nuspec = XDocument.Parse(System.Text.Encoding.UTF8.GetString(packed.Read("Memoize.nuspec")).TrimStart('\uFEFF'));
        var ns = nuspec.Root!.Name.Namespace;
        var groups = nuspec.Descendants(ns + "group").ToList();
        Assert.Equal(["net10.0", "net8.0"], groups.Select(group => (string)group.Attribute("targetFramework")!).Order(StringComparer.Ordinal));
        Assert.All(groups, group => Assert.Equal(
            ["BitFaster.Caching", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "System.IO.Hashing"],
            group.Elements().Select(dependency => (string)dependency.Attribute("id")!).Order(StringComparer.Ordinal)));
        Assert.Equal("MIT", nuspec.Descendants(ns + "license").Single().Value);
        Assert.Equal("README.md", nuspec.Descendants(ns + "readme").Single().Value);
    }

    [Fact]
    public void The_targets_for_direct_and_for_transitive_references_are_the_same()
        => Assert.Equal(packed.Read("build/Memoize.targets"), packed.Read("buildTransitive/Memoize.targets"));

    // What csc and the IDEs bring along. Anything else would have to lie beside the generator, and does not.
    private static readonly string[] s_compiler =
    [
        "netstandard", "Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp", "System.Buffers", "System.Collections.Immutable",
        "System.Memory", "System.Numerics.Vectors", "System.Reflection.Metadata", "System.Runtime.CompilerServices.Unsafe",
        "System.Text.Encoding.CodePages", "System.Threading.Tasks.Extensions",
    ];

    private static readonly string[] s_ide =
    [
        .. s_compiler, "Memoize.Generators", "Microsoft.CodeAnalysis.Workspaces", "Microsoft.CodeAnalysis.CSharp.Workspaces",
        "System.Composition.AttributedModel",
    ];

    [Theory]
    [InlineData("Memoize.Generators", false)]
    [InlineData("Memoize.CodeFixes", true)]
    public void Compiler_extensions_need_no_Roslyn_newer_than_4_14_and_nothing_beside_them(string name, bool workspaces)
    {
        foreach (var (reference, version) in References($"analyzers/dotnet/cs/{name}.dll"))
        {
            Assert.Contains(reference, workspaces ? s_ide : s_compiler);
            if (reference.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
                Assert.True(version <= new Version(4, 14, 0, 0), $"{name} references {reference} {version}");
        }
    }

    [Theory]
    [InlineData("lib/net8.0/Memoize.dll")]
    [InlineData("lib/net10.0/Memoize.dll")]
    [InlineData("analyzers/dotnet/cs/Memoize.Generators.dll")]
    [InlineData("analyzers/dotnet/cs/Memoize.CodeFixes.dll")]
    public void Every_assembly_carries_its_symbols(string entry)
    {
        using var pe = new PEReader(new MemoryStream(packed.Read(entry)));
        Assert.Contains(pe.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        Assert.Contains(pe.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.Reproducible);
    }

    private List<(string Name, Version Version)> References(string entry)
    {
        using var pe = new PEReader(new MemoryStream(packed.Read(entry)));
        var metadata = pe.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Select(reference => (metadata.GetString(reference.Name), reference.Version))];
    }
}
