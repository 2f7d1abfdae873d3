using System.Diagnostics;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Benchmarks;

/// <summary>
/// What the generator adds to the compilation of a large project: 2,000 files, 500 cached methods, 20,000 calls of them. Compared with
/// parsing and emitting the same files without it.
/// </summary>
internal sealed class GeneratorTime
{
    private const int Files = 2_000;
    private const int CachedMethods = 500;
    private const int CallsInEachFile = 10;

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithFeatures([new("InterceptorsNamespaces", "Memoize.Generated")]);

    private readonly List<(string Path, string Text)> sources = [.. Enumerable.Range(0, Files).Select(i => ($"/src/File{i}.cs", Source(i)))];
    private readonly List<MetadataReference> references = [.. References()];

    public static IEnumerable<(string Name, double Milliseconds)> Measure(int rounds)
    {
        var time = new GeneratorTime();
        var best = new Dictionary<string, double>();
        for (var round = 0; round <= rounds; round++)
        {
            // The first round compiles the compiler.
            foreach (var (name, milliseconds) in time.Round())
            {
                if (round > 0)
                    best[name] = Math.Min(best.GetValueOrDefault(name, double.MaxValue), milliseconds);
            }
        }

        return best.Select(pair => (pair.Key, pair.Value));
    }

    private IEnumerable<(string Name, double Milliseconds)> Round()
    {
        CSharpCompilation compilation = null!;
        var parse = Timed(() => compilation = CSharpCompilation.Create(
            "Large",
            sources.AsParallel().AsOrdered().Select(file => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path, Encoding.UTF8)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));
        var emit = Timed(() => Emit(compilation));
        yield return ("build without the generator", parse + emit);

        GeneratorDriver driver = CSharpGeneratorDriver.Create([Generator()], parseOptions: Options);
        var fresh = compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees);
        Compilation generated = null!;
        yield return ("generator, cold", Timed(() => driver = driver.RunGeneratorsAndUpdateCompilation(fresh, out generated, out _)));
        yield return ("build with the generator's output", parse + Timed(() => Emit(generated)));

        // As the compiler counts it, all threads together. The compilation is fresh, so that nothing the generator found out is there.
        foreach (var (name, milliseconds) in Analyzers(generated.RemoveAllSyntaxTrees().AddSyntaxTrees(generated.SyntaxTrees)))
            yield return (name, milliseconds);

        var edited = fresh.SyntaxTrees[sources.Count / 3];
        var after = fresh.ReplaceSyntaxTree(
            edited, CSharpSyntaxTree.ParseText(edited.ToString() + "\n// edited", Options, edited.FilePath, Encoding.UTF8));
        yield return ("generator, after one edit", Timed(() => driver = driver.RunGenerators(after)));
    }

    private static List<(string Name, double Milliseconds)> Analyzers(Compilation compilation)
    {
        var all = Assembly().GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: true);
        var times = compilation.WithAnalyzers([.. all], options).GetAnalysisResultAsync(default).GetAwaiter().GetResult().AnalyzerTelemetryInfo
            .Select(analyzer => (analyzer.Key.GetType().Name, analyzer.Value.ExecutionTime.TotalMilliseconds))
            .OrderByDescending(analyzer => analyzer.TotalMilliseconds)
            .ToList();
        return [("all analyzers", times.Sum(analyzer => analyzer.TotalMilliseconds)), .. times];
    }

    private static double Timed(Action action)
    {
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Emit(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        if (!result.Success)
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
    }

    private static ISourceGenerator Generator()
    {
        var type = Assembly().GetTypes().First(t => t.IsClass && !t.IsAbstract && typeof(IIncrementalGenerator).IsAssignableFrom(t));
        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }

    private static Assembly Assembly() => System.Reflection.Assembly.LoadFrom(
        typeof(GeneratorTime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Generator").Value!);

    private static IEnumerable<MetadataReference> References()
        => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll" or "Memoize.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));

    // One file in four declares a cached method; each has a class of ordinary code that calls ten of them.
    private static string Source(int file)
    {
        var text = new StringBuilder("using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing Memoize;\n\nnamespace Large;\n\n");
        if (file % (Files / CachedMethods) == 0)
        {
            text.Append($$"""
                public sealed class Store{{file}}
                {
                    [Cached(Ttl = 300, MaxSize = 1000)]
                    public string Find(int id, string region) => $"{id} in {region}";
                }


                """);
        }

        text.Append($"public sealed class Service{file}\n{{\n    private readonly List<string> seen = new();\n\n");
        for (var call = 0; call < CallsInEachFile; call++)
        {
            var store = "Store" + (((file * 7) + (call * 13)) % CachedMethods * (Files / CachedMethods));
            text.Append($$"""
                    public string Describe{{call}}({{store}} store, int id, string region)
                    {
                        if (string.IsNullOrEmpty(region))
                            throw new ArgumentException("a region is needed", nameof(region));
                        var found = store.Find(id + {{call}}, region);
                        seen.Add(found);
                        var longest = seen.Where(text => text.Length > {{call}}).OrderByDescending(text => text.Length).FirstOrDefault() ?? "";
                        return $"{found} ({longest.Length}, {seen.Count})";
                    }


                """);
        }

        return text.Append("}\n").ToString();
    }
}
