using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Harness;

/// <summary>Text files and the compilation that they make. References and their metadata are shared by all tests.</summary>
static class Sources
{
    public const string InterceptorsNamespace = "Memoize.Generated";

    static readonly string _frameworkDirectory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static IReadOnlyList<MetadataReference> Framework { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == _frameworkDirectory)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))];

    /// <summary>The framework of .NET 8 and Memoize for it; the build of the tests lists them.</summary>
    static readonly Lazy<IReadOnlyList<MetadataReference>> _oldest = new(() =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "net8.0.references")).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))]);

    public static MetadataReference Runtime { get; } = MetadataReference.CreateFromFile(typeof(CachedAttribute).Assembly.Location);

    /// <summary>Compilations derived from one that has bound its references share that work.</summary>
    static readonly CSharpCompilation _library = CSharpCompilation.Create("App", [], [.. Framework, Runtime], Options(new Setup()));

    /// <summary>The global usings of an SDK project; a file of its own, so that tests read like user code.</summary>
    const string GlobalUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Memoize;
        """;

    public static CSharpParseOptions ParseOptions(Setup setup)
    {
        var options = new CSharpParseOptions(setup.Language, DocumentationMode.Diagnose);
        var features = new Dictionary<string, string> { ["strict"] = "" };
        if (setup.Interception && setup.NamespaceEnabled)
            features["InterceptorsNamespaces"] = InterceptorsNamespace;
        return options.WithFeatures(features).WithPreprocessorSymbols(setup.Symbols);
    }

    public static CSharpCompilation Compile(Setup setup, params IEnumerable<(string Path, string Text)> files)
    {
        var parse = ParseOptions(setup);
        IEnumerable<(string Path, string Text)> all = setup.ImplicitUsings ? [("GlobalUsings.cs", GlobalUsings), .. files] : files;
        var trees = all.Select(file => Parse(file.Path, file.Text, parse)).ToArray();
        var compilation = setup is { AssemblyName: "App", TopLevel: false, Unsafe: false, Nullable: NullableContextOptions.Enable, References: [], Checked: false, Oldest: false }
            ? _library
            : CSharpCompilation.Create(setup.AssemblyName, [], [.. setup.Oldest ? _oldest.Value : [.. Framework, Runtime], .. setup.References], Options(setup));
        return compilation.AddSyntaxTrees(trees);
    }

    public static SyntaxTree Parse(string path, string text, CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(text, options, path.StartsWith('/') ? path : Setup.ProjectDirectory + path, System.Text.Encoding.UTF8);

    static CSharpCompilationOptions Options(Setup setup) => new(
        setup.TopLevel ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
        nullableContextOptions: setup.Nullable,
        allowUnsafe: setup.Unsafe,
        checkOverflow: setup.Checked,
        warningLevel: 9999,
        concurrentBuild: false,
        metadataImportOptions: MetadataImportOptions.Public);
}
