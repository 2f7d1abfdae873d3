using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Docs.Tests;

/// <summary>What came of a compilation: its diagnostics, and the text of the generated files.</summary>
internal sealed record Compiled(ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<string> Generated)
{
    /// <summary>What is advice only, and of no concern to a sample that is not about it.</summary>
    public ImmutableArray<Diagnostic> Advice { get; init; } = [];
}

/// <summary>Compiles text as a project that references Memoize does: with implicit usings (and Memoize, which samples need not repeat), nullable, generator and analyzers.</summary>
internal static class Compiler
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Memoize;
        """;

    private static readonly AnalyzerFileReference s_file = new(Path.Combine(AppContext.BaseDirectory, "generator", "Memoize.Generators.dll"), new Loader());

    private static readonly string[] s_forSamples =
        ["System.", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Memoize.", "OpenTelemetry", "StackExchange.Redis.", "MemoryPack.", "netstandard.", "mscorlib.", "Microsoft.CSharp."];

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => IsForSamples(Path.GetFileName(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The analyzers of the package.</summary>
    public static IReadOnlyList<DiagnosticAnalyzer> Analyzers { get; } = s_file.GetAnalyzers(LanguageNames.CSharp);

    /// <summary>Every diagnostic that the analyzers can report.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> Rules { get; } =
        [.. Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal)];

    public static async Task<Compiled> Compile(IEnumerable<string> sources, CancellationToken cancellationToken)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest)
            .WithFeatures([new("InterceptorsNamespaces", "Memoize.Generated")]);
        var trees = sources.Prepend(Usings).Select((text, n) => CSharpSyntaxTree.ParseText(text, options, $"/docs/File{n}.cs", cancellationToken: cancellationToken)).ToArray();
        var program = trees.Any(tree => tree.GetRoot(cancellationToken).ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement)));
        var compilation = CSharpCompilation.Create("Docs", trees, s_references, new CSharpCompilationOptions(
            program ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false));

        var driver = CSharpGeneratorDriver.Create(s_file.GetGenerators(LanguageNames.CSharp), parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var whole, out var fromGenerators, cancellationToken);
        var analyzers = s_file.GetAnalyzers(LanguageNames.CSharp);
        var fromAnalyzers = analyzers.IsEmpty
            ? []
            : await whole.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync(cancellationToken);
        using var emitted = new MemoryStream();
        var fromCompiler = whole.Emit(emitted, cancellationToken: cancellationToken).Diagnostics;
        return new Compiled(
            [.. fromCompiler.Concat(fromAnalyzers).Concat(fromGenerators).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Distinct()],
            [.. driver.GetRunResult().GeneratedTrees.Select(tree => tree.GetText(cancellationToken).ToString())])
        {
            Advice = [.. fromAnalyzers.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Info)],
        };
    }

    // The framework, ASP.NET Core, all packages of this repository, and what the guides show them with. The tests themselves are no part.
    private static bool IsForSamples(string file)
        => file != "Memoize.Docs.Tests.dll" && s_forSamples.Any(start => file.StartsWith(start, StringComparison.Ordinal));

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => AssemblyLoadContext.Default.LoadFromAssemblyPath(fullPath);
    }
}
