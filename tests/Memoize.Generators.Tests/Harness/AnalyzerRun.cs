using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Tests.Harness;

/// <summary>What the analyzers of the package say about a compilation, as the compiler would run them.</summary>
static class AnalyzerRun
{
    public static ImmutableArray<DiagnosticAnalyzer> All { get; } =
        [.. typeof(MemoizeGenerator).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    public static async Task<ImmutableArray<Diagnostic>> Of(Setup setup, CSharpCompilation compilation)
    {
        var thrown = new ConcurrentQueue<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], setup.BuildProperties()),
            onAnalyzerException: (exception, analyzer, _) => thrown.Enqueue($"{analyzer} threw {exception}"),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        var found = await compilation.WithAnalyzers(All, options).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.True(thrown.IsEmpty, string.Join("\n", thrown));
        return [.. found.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];
    }

    public static Task<ImmutableArray<Diagnostic>> Of(Setup setup, params IEnumerable<(string Path, string Text)> files) =>
        Of(setup, Sources.Compile(setup, files));

    /// <summary>What the user would have to act on.</summary>
    public static string Complaints(ImmutableArray<Diagnostic> diagnostics) =>
        string.Join("\n", diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()));
}
