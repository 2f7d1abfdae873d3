using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Harness;

/// <summary>
/// One run of the generator over one compilation. Whatever a test is about, its run also proves that the generator does not throw,
/// says the same thing twice, and keeps no object of the compiler alive between runs.
/// </summary>
sealed class GeneratorRun
{
    GeneratorRun(Setup setup, CSharpCompilation input, CSharpCompilation output, GeneratorDriver driver)
    {
        Setup = setup;
        Input = input;
        Output = output;
        Driver = driver;
        Result = driver.GetRunResult().Results.Single();
    }

    public Setup Setup { get; }
    public CSharpCompilation Input { get; }
    public CSharpCompilation Output { get; }
    public GeneratorDriver Driver { get; }
    public GeneratorRunResult Result { get; }
    public ImmutableArray<GeneratedSourceResult> Files => Result.GeneratedSources;
    public string GeneratedText => string.Join("\n", Files.Select(file => $"// ==== {file.HintName}\n{file.SourceText}"));

    public static GeneratorRun Of(Setup setup, params IEnumerable<(string Path, string Text)> files) =>
        Of(setup, Sources.Compile(setup, files));

    public static GeneratorRun Of(Setup setup, CSharpCompilation input)
    {
        var run = Once(setup, input, CreateDriver(setup));
        run.AssertHealthy();
        return run;
    }

    public static GeneratorDriver CreateDriver(Setup setup) => CSharpGeneratorDriver.Create(
        [new MemoizeGenerator().AsSourceGenerator()],
        parseOptions: Sources.ParseOptions(setup),
        optionsProvider: setup.BuildProperties(),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static GeneratorRun Once(Setup setup, CSharpCompilation input, GeneratorDriver driver)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out _, TestContext.Current.CancellationToken);
        return new GeneratorRun(setup, input, (CSharpCompilation)output, driver);
    }

    void AssertHealthy()
    {
        if (Result.Exception is { } exception)
            Assert.Fail($"The generator threw {exception}");
        Assert.Empty(Result.Diagnostics);
        ModelGraph.AssertNoCompilerObjects(Result);
        PlainCallCheck.AssertAsBound(Input);

        var again = Once(Setup, Input.Clone(), CreateDriver(Setup));
        Assert.Equal(GeneratedText, again.GeneratedText);
    }

    /// <summary>Compiles everything; an error or a warning anywhere fails the test with the generated text around it.</summary>
    public byte[] Emit()
    {
        using var image = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = Output.Emit(image, xmlDocumentationStream: documentation, cancellationToken: TestContext.Current.CancellationToken);
        var findings = result.Diagnostics.Where(Matters).ToList();
        if (findings.Count > 0 || !result.Success)
            Assert.Fail($"The compilation has findings:\n{string.Join("\n", findings.Take(20).Select(Describe))}\n{Excerpt(findings)}");
        return image.ToArray();
    }

    /// <summary>Everything but missing documentation of the test's own source.</summary>
    bool Matters(Diagnostic diagnostic) =>
        diagnostic.Severity >= DiagnosticSeverity.Warning
        && !diagnostic.IsSuppressed
        && !(diagnostic.Id is "CS1591" && diagnostic.Location.SourceTree is { } tree && Input.ContainsSyntaxTree(tree));

    static string Describe(Diagnostic diagnostic)
    {
        var line = diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
        return $"  {diagnostic}\n      {line}";
    }

    string Excerpt(List<Diagnostic> findings)
    {
        var trees = findings.Select(finding => finding.Location.SourceTree).OfType<SyntaxTree>().Where(tree => !Input.ContainsSyntaxTree(tree)).Distinct();
        var text = string.Join("\n", trees.Take(2).Select(tree => $"// ==== {Path.GetFileName(tree.FilePath)}\n{tree}"));
        return text.Length > 6000 ? text[..6000] + "\n…" : text;
    }
}
