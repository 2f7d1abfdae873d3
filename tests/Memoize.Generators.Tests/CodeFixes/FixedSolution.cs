using System.Collections.Immutable;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>A solution as an editor holds it, with the generator and the analyzers in every project, and the fixes that it offers.</summary>
sealed class FixedSolution : IDisposable
{
    readonly AdhocWorkspace _workspace;

    FixedSolution(AdhocWorkspace workspace, Setup setup)
    {
        _workspace = workspace;
        Setup = setup;
        Solution = workspace.CurrentSolution;
    }

    public static ImmutableArray<CodeFixProvider> Providers { get; } =
        [.. typeof(RepairProvider).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFixProvider)))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    public Setup Setup { get; }
    public Solution Solution { get; private set; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static FixedSolution Of(string code) => Of(new Setup(), ("Code.cs", code));

    public static FixedSolution Of(Setup setup, params (string Path, string Text)[] files)
    {
        var solution = new FixedSolution(new AdhocWorkspace(), setup);
        solution.Add(setup.AssemblyName, files);
        return solution;
    }

    /// <summary>One more project, which references all that were there before.</summary>
    public FixedSolution Add(string name, params (string Path, string Text)[] files)
    {
        var id = ProjectId.CreateNewId();
        Solution = Solution.AddProject(ProjectInfo.Create(
            id, VersionStamp.Default, name, name, LanguageNames.CSharp,
            filePath: $"/src/{name}/{name}.csproj",
            compilationOptions: Sources.Compile(Setup).Options,
            parseOptions: Sources.ParseOptions(Setup),
            projectReferences: Solution.ProjectIds.Select(other => new ProjectReference(other)),
            metadataReferences: [.. Sources.Framework, Sources.Runtime, .. Setup.References],
            analyzerReferences: [new AnalyzerFileReference(typeof(MemoizeGenerator).Assembly.Location, new Loader())]));
        foreach (var tree in Sources.Compile(Setup).SyntaxTrees)
            Solution = Solution.AddDocument(DocumentId.CreateNewId(id), "GlobalUsings.cs", tree.GetText(Cancellation), filePath: $"/src/{name}/GlobalUsings.cs");
        foreach (var (path, text) in files)
            Solution = Solution.AddDocument(DocumentId.CreateNewId(id), path, SourceText.From(text, System.Text.Encoding.UTF8), filePath: $"/src/{name}/{path}");

        var options = string.Join("\n", new[] { "build_property.MemoizeInterception", "build_property.InterceptorsNamespaces", "build_property.ProjectDir", "build_property.RootNamespace" }
            .Select(key => $"{key} = {(Setup.BuildProperties().GlobalOptions.TryGetValue(key, out var value) ? value.TrimStart(';') : "")}"));
        Solution = Solution.AddAnalyzerConfigDocument(
            DocumentId.CreateNewId(id), ".globalconfig", SourceText.From("is_global = true\n" + options), filePath: $"/src/{name}/.globalconfig");
        return this;
    }

    /// <summary>The namespace of the interceptors is not enabled in the project file.</summary>
    public FixedSolution WithoutInterceptors()
    {
        foreach (var project in Solution.Projects.ToList())
            Solution = Solution.WithProjectParseOptions(project.Id, ((CSharpParseOptions)project.ParseOptions!).WithFeatures([]));
        return this;
    }

    public string Text(string path = "Code.cs") => Find(path).GetTextAsync(Cancellation).Result.ToString();

    public async Task<ImmutableArray<Diagnostic>> Diagnostics(Project project)
    {
        var compilation = (CSharpCompilation)(await project.GetCompilationAsync(Cancellation))!;
        return await AnalyzerRun.Of(Setup, compilation);
    }

    /// <summary>What is offered for the first diagnostic of the id.</summary>
    public async Task<IReadOnlyList<string>> Offered(string id) => [.. (await Actions(id)).Select(action => action.Action.Title)];

    /// <summary>
    /// Applies the fix whose title contains the words, to the first diagnostic of the id or to all in a scope; of a provider, and for a
    /// diagnostic in a file, where that matters.
    /// </summary>
    public async Task<FixedSolution> Apply(string id, string title, FixAllScope? scope = null, string? of = null, string? at = null)
    {
        var actions = await Actions(id, at);
        var (chosen, provider, document) = actions.FirstOrDefault(candidate =>
            candidate.Action.Title.Contains(title, StringComparison.Ordinal) && (of is null || candidate.Provider.GetType().Name == of));
        Assert.True(chosen is not null, $"offered: {string.Join(", ", actions.Select(action => action.Action.Title))}");
        if (scope is { } all)
        {
            var context = new FixAllContext(document, provider, all, chosen.EquivalenceKey!, [id], new Found(this), Cancellation);
            chosen = await provider.GetFixAllProvider()!.GetFixAsync(context);
            Assert.True(chosen is not null, "there is nothing to fix");
        }

        Solution = (await chosen.GetOperationsAsync(Cancellation)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return this;
    }

    /// <summary>Asks for every fix of everything that is reported, and makes each of them, whatever comes of it.</summary>
    public async Task TryAll()
    {
        foreach (var project in Solution.Projects)
        {
            foreach (var diagnostic in (await Diagnostics(project)).Where(diagnostic => diagnostic.Location.IsInSource))
            {
                var actions = new List<CodeAction>();
                var document = project.GetDocument(diagnostic.Location.SourceTree)!;
                foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
                    await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), Cancellation));
                foreach (var action in actions)
                    await action.GetOperationsAsync(Cancellation);
            }
        }
    }

    /// <summary>
    /// The diagnostic is gone, nobody complains, everything compiles without a warning, and the generator wrote a cache in every project
    /// that has a cached method.
    /// </summary>
    public async Task<FixedSolution> Verify(params string[] gone)
    {
        foreach (var project in Solution.Projects)
        {
            var found = await Diagnostics(project);
            Assert.DoesNotContain(found, diagnostic => gone.Contains(diagnostic.Id));
            Assert.True(AnalyzerRun.Complaints(found) == "", AnalyzerRun.Complaints(found) + "\n" + Everything(project));
            var compilation = (await project.GetCompilationAsync(Cancellation))!;
            using var image = new MemoryStream();
            var findings = compilation.Emit(image, cancellationToken: Cancellation).Diagnostics
                .Where(finding => finding.Severity >= DiagnosticSeverity.Warning && finding.Id != "CS1591").ToList();
            Assert.True(findings.Count == 0, string.Join("\n", findings) + "\n" + Everything(project));
        }

        Assert.Contains(Solution.Projects, project => project.GetSourceGeneratedDocumentsAsync(Cancellation).AsTask().Result.Any());
        return this;
    }

    public void Dispose() => _workspace.Dispose();

    async Task<List<(CodeAction Action, CodeFixProvider Provider, Document Document)>> Actions(string id, string? at = null)
    {
        foreach (var project in Solution.Projects.Reverse())
        {
            var diagnostics = await Diagnostics(project);
            if (diagnostics.FirstOrDefault(candidate => candidate.Id == id && (at is null || candidate.Location.SourceTree!.FilePath.EndsWith("/" + at, StringComparison.Ordinal))) is not { } diagnostic)
                continue;
            var document = project.GetDocument(diagnostic.Location.SourceTree)!;
            var actions = new List<(CodeAction, CodeFixProvider, Document)>();
            foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
                await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add((action, provider, document)), Cancellation));
            return actions;
        }

        Assert.Fail($"{id} is not reported, but {string.Join("\n", Solution.Projects.SelectMany(project => Diagnostics(project).Result))}");
        return [];
    }

    Document Find(string path) => Solution.Projects.SelectMany(project => project.Documents).Single(document => document.Name == path);

    static string Everything(Project project) => string.Join("\n", project.Documents.Where(document => document.Name != "GlobalUsings.cs").Select(document => $"// ==== {document.Name}\n{document.GetTextAsync().Result}"));

    sealed class Found(FixedSolution solution) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await solution.Diagnostics(document.Project)).Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override async Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            (await solution.Diagnostics(project)).Where(diagnostic => !diagnostic.Location.IsInSource);

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await solution.Diagnostics(project);
    }

    // From the file, as projects have it: the search for references takes no other kind.
    sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) => typeof(MemoizeGenerator).Assembly;
    }
}
