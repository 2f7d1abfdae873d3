using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Memoize.Docs.Tests;

/// <summary>Every diagnostic has a page that shows it, and the index knows all pages.</summary>
public sealed class RulePageTests
{
    public static TheoryData<string> Rules() => [.. Compiler.Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_has_a_page_with_its_title_its_severity_and_an_example(string id)
    {
        var rule = Compiler.Rules.Single(rule => rule.Id == id);
        var page = $"docs/rules/{id}.md";
        Assert.True(File.Exists(Path.Combine(Repository.Root, page)), $"{page} is missing");
        Assert.EndsWith($"/{page}", rule.HelpLinkUri, StringComparison.Ordinal);

        var lines = Repository.Read(page).Split('\n');
        Assert.Equal($"# {id}: {rule.Title.ToString(CultureInfo.InvariantCulture)}", lines[0]);
        Assert.StartsWith($"**Severity:** {rule.DefaultSeverity} ", lines[2], StringComparison.Ordinal);

        var blocks = CodeBlock.In(page, Repository.Read(page)).ToList();
        // MEMO0003 and MEMO1104 are about the project file, and MEMO1002 about the compilation: no place in code shows them.
        if (id is not ("MEMO0003" or "MEMO1002" or "MEMO1104"))
            Assert.Contains(blocks, block => block.Diagnostics.Contains(id));
        Assert.Contains(blocks, block => block.Promise is Promise.Compiles or Promise.Continues);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_released_configurable_and_said_by_one_analyzer(string id)
    {
        var rule = Compiler.Rules.Single(rule => rule.Id == id);
        Assert.Contains(
            $"{id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title.ToString(CultureInfo.InvariantCulture)}",
            Repository.Read("generators/Memoize.Generators/AnalyzerReleases.Unshipped.md") + Repository.Read("generators/Memoize.Generators/AnalyzerReleases.Shipped.md"),
            StringComparison.Ordinal);
        Assert.Single(Compiler.Analyzers, analyzer => analyzer.SupportedDiagnostics.Contains(rule));
        Assert.DoesNotContain(WellKnownDiagnosticTags.NotConfigurable, rule.CustomTags);
        Assert.True(rule.IsEnabledByDefault);
        Assert.Contains($"dotnet_diagnostic.{id}.severity", Repository.Read($"docs/rules/{id}.md"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_tested(string id)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Memoize.Generators.Tests");
        var tests = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText);
        Assert.Contains(tests, text => text.Contains($"\"{id}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_index_lists_every_page_with_its_title_and_severity()
    {
        var index = Repository.Read("docs/rules/README.md");
        var pages = Repository.Pages().Where(page => page.StartsWith("docs/rules/MEMO", StringComparison.Ordinal)).ToList();
        foreach (var page in pages)
        {
            var lines = Repository.Read(page).Split('\n');
            var id = Path.GetFileNameWithoutExtension(page);
            var title = lines[0][$"# {id}: ".Length..];
            var severity = lines[2].Split(' ')[1];
            Assert.Contains($"| [{id}]({id}.md) | {title} | {severity} |", index, StringComparison.Ordinal);
        }
        Assert.Equal(pages.Count, index.Split("\n| [").Length - 1);
    }
}
