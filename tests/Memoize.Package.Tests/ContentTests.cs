using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Memoize.Package.Tests;

public sealed class ContentTests(PackedMemoize packed)
{
    // What each package depends on, and on nothing else.
    private static readonly Dictionary<string, string[]> s_dependencies = new()
    {
        ["Memoize"] =
        [
            "BitFaster.Caching", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.Configuration.Abstractions",
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options",
            "System.IO.Hashing",
        ],
        ["Memoize.Dashboard"] = ["Memoize"],
        ["Memoize.HealthChecks"] = ["Memoize", "Microsoft.Extensions.Diagnostics.HealthChecks"],
        ["Memoize.Memcached"] =
        [
            "Memoize", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "System.IO.Hashing",
        ],
        ["Memoize.MemoryPack"] = ["Memoize", "MemoryPack", "Microsoft.Extensions.Caching.Abstractions"],
        ["Memoize.Redis"] =
        [
            "Memoize", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "StackExchange.Redis",
        ],
        ["Memoize.Sqlite"] =
        [
            "Memoize", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions",
            "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "SQLitePCLRaw.bundle_e_sqlite3", "System.IO.Hashing",
        ],
        ["Memoize.Testing"] = ["Memoize"],
    };

    public static TheoryData<string> Packages() => [.. PackedMemoize.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_holds_exactly_these_files(string package)
    {
        string[] files = [$"{package}.nuspec", "README.md", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml", $"lib/net8.0/{package}.dll", $"lib/net8.0/{package}.xml"];
        if (package == "Memoize")
            files = [.. files, "analyzers/dotnet/cs/Memoize.CodeFixes.dll", "analyzers/dotnet/cs/Memoize.Generators.dll", "build/Memoize.targets", "buildTransitive/Memoize.targets"];
        Assert.Equal(files.Order(StringComparer.Ordinal), packed.Entries(package));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_what_it_is_and_what_it_needs(string package)
    {
        var nuspec = XDocument.Parse(System.Text.Encoding.UTF8.GetString(packed.Read($"{package}.nuspec", package)).TrimStart('\uFEFF'));
        var ns = nuspec.Root!.Name.Namespace;
        var groups = nuspec.Descendants(ns + "dependencies").Elements(ns + "group").ToList();
        Assert.Equal(["net10.0", "net8.0"], groups.Select(group => (string)group.Attribute("targetFramework")!).Order(StringComparer.Ordinal));
        Assert.All(groups, group =>
        {
            // The JSON of .NET 8 lacks what the runtime needs: decision 0050.
            string[] json = package == "Memoize" && (string)group.Attribute("targetFramework")! == "net8.0" ? ["System.Text.Json"] : [];
            Assert.Equal([.. s_dependencies[package], .. json], group.Elements().Select(dependency => (string)dependency.Attribute("id")!).Order(StringComparer.Ordinal));
            // The packages of one release belong together. Whoever has only one beside Memoize gets the generator all the same.
            foreach (var memoize in group.Elements().Where(dependency => (string)dependency.Attribute("id")! == "Memoize"))
            {
                Assert.Equal(packed.Version, (string)memoize.Attribute("version")!);
                Assert.DoesNotContain("Analyzers", (string?)memoize.Attribute("exclude") ?? "", StringComparison.OrdinalIgnoreCase);
            }
        });
        Assert.Equal("MIT", nuspec.Descendants(ns + "license").Single().Value);
        Assert.Equal("README.md", nuspec.Descendants(ns + "readme").Single().Value);
        Assert.NotEqual("Package Description", nuspec.Descendants(ns + "description").Single().Value);
        Assert.Contains("memoize", nuspec.Descendants(ns + "tags").Single().Value.Split(' '));
        Assert.Equal(
            package == "Memoize.Dashboard" ? ["Microsoft.AspNetCore.App"] : [],
            nuspec.Descendants(ns + "frameworkReference").Select(reference => (string)reference.Attribute("name")!).Distinct());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_documentation_of_a_package_goes_with_it(string package)
    {
        foreach (var framework in new[] { "net8.0", "net10.0" })
        {
            var xml = XDocument.Parse(System.Text.Encoding.UTF8.GetString(packed.Read($"lib/{framework}/{package}.xml", package)).TrimStart('\uFEFF'));
            Assert.Contains(xml.Descendants("member"), member => member.Element("summary") is not null);
        }

        Assert.Contains($"# {package}\n", System.Text.Encoding.UTF8.GetString(packed.Read("README.md", package)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
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
    [MemberData(nameof(Packages))]
    public void Every_assembly_carries_its_symbols(string package)
    {
        foreach (var entry in packed.Entries(package).Where(entry => entry.EndsWith(".dll", StringComparison.Ordinal)))
        {
            using var pe = new PEReader(new MemoryStream(packed.Read(entry, package)));
            Assert.Contains(pe.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            Assert.Contains(pe.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.Reproducible);
        }
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Nothing_tells_where_a_package_was_built(string package)
    {
        // A path as short as /src stands in other words, too.
        string[] here = [.. new[] { RepositoryRoot.Path, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) }
            .Where(path => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Length > 1)];
        // A build for oneself keeps the paths, so that a debugger finds the sources; that of .ci/run is what is published.
        var isPublished = Environment.GetEnvironmentVariable("CI") == "true";
        foreach (var entry in packed.Entries(package).Where(entry => isPublished || !entry.EndsWith(".dll", StringComparison.Ordinal)))
        {
            var bytes = packed.Read(entry, package);
            Assert.All(here, path =>
            {
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(path)) < 0, $"{entry} has {path}");
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(path)) < 0, $"{entry} has {path}");
            });
            if (entry.EndsWith(".dll", StringComparison.Ordinal))
                Assert.All(Documents(bytes), document => Assert.StartsWith("/_/", document, StringComparison.Ordinal));
        }
    }

    // The sources that the symbols inside an assembly name.
    private static List<string> Documents(byte[] assembly)
    {
        using var pe = new PEReader(new MemoryStream(assembly));
        using var symbols = pe.ReadEmbeddedPortablePdbDebugDirectoryData(pe.ReadDebugDirectory().Single(debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
        var reader = symbols.GetMetadataReader();
        var documents = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();
        Assert.NotEmpty(documents);
        return documents;
    }

    private List<(string Name, Version Version)> References(string entry)
    {
        using var pe = new PEReader(new MemoryStream(packed.Read(entry)));
        var metadata = pe.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .Select(reference => (metadata.GetString(reference.Name), reference.Version))];
    }
}
