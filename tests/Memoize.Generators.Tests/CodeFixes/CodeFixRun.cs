using System.Collections.Immutable;
using Memoize.CodeFixes;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>Applies a code fix as an editor would, and gives the text after it.</summary>
static class CodeFixRun
{
    static readonly ImmutableArray<CodeFixProvider> _providers =
        [.. typeof(PerInstanceCodeFixProvider).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFixProvider)))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    public static ImmutableArray<CodeFixProvider> Providers => _providers;

    /// <summary>The titles that are offered for the first diagnostic of the id, and the text after the fix whose title contains the words.</summary>
    public static async Task<(IReadOnlyList<string> Titles, string? Fixed)> Apply(string code, string id, string title)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var setup = new Setup();
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp,
            compilationOptions: Sources.Compile(setup).Options,
            parseOptions: Sources.ParseOptions(setup),
            metadataReferences: [.. Sources.Framework, Sources.Runtime]));
        foreach (var tree in Sources.Compile(setup).SyntaxTrees)
            project = project.AddDocument(tree.FilePath, await tree.GetTextAsync(cancellation)).Project;
        var document = project.AddDocument("Code.cs", code);
        var compilation = await document.Project.GetCompilationAsync(cancellation);

        var diagnostics = await AnalyzerRun.Of(setup, (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)compilation!);
        var diagnostic = diagnostics.FirstOrDefault(candidate => candidate.Id == id);
        Assert.True(diagnostic is not null, $"{id} is not reported, but {string.Join("\n", diagnostics)}");

        var actions = new List<CodeAction>();
        foreach (var provider in _providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), cancellation));

        var chosen = actions.FirstOrDefault(action => action.Title.Contains(title, StringComparison.Ordinal));
        if (chosen is null)
            return ([.. actions.Select(action => action.Title)], null);
        var operation = (await chosen.GetOperationsAsync(cancellation)).OfType<ApplyChangesOperation>().Single();
        var text = await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync(cancellation);
        return ([.. actions.Select(action => action.Title)], text.ToString());
    }
}
