using System.Globalization;
using System.Text.RegularExpressions;

namespace Memoize.Docs.Tests;

/// <summary>A sample that a reader copies must compile, and do what the page says.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages() => [.. Repository.Pages()];

    // A decision shows what was weighed, also what was turned down.
    public static TheoryData<string> PagesWithSamples() => [.. Repository.Pages().Where(page => !page.StartsWith("docs/decisions/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(PagesWithSamples))]
    public async Task Every_sample_keeps_its_promise(string page)
    {
        var token = TestContext.Current.CancellationToken;
        var blocks = CodeBlock.In(page, Repository.Read(page)).Where(block => block.Promise != Promise.Shape).ToList();
        var together = new List<string>();
        var wrong = new List<string>();
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            var prepared = i > 0 && blocks[i - 1].Promise == Promise.Hidden;
            if (block.Promise == Promise.Hidden || (block.Promise is Promise.Compiles or Promise.Wrong && !prepared))
                together.Clear();
            if (block.Promise != Promise.Generated)
                together.Add(block.Code);
            // What is continued is compiled once, with its continuation.
            if (block.Promise == Promise.Hidden || (block.Promise != Promise.Generated && i + 1 < blocks.Count && blocks[i + 1].Promise == Promise.Continues))
                continue;

            var compiled = await Compiler.Compile(together, token);
            if (block.Promise == Promise.Generated)
            {
                if (!compiled.Generated.Any(file => Squeeze(file).Contains(Squeeze(block.Code), StringComparison.Ordinal)))
                    wrong.Add($"{block}: not in what is generated:\n{string.Join("\n", compiled.Generated)}");
                continue;
            }

            var expected = block.Diagnostics.Order(StringComparer.Ordinal);
            // A program that is wrong on purpose may also miss what is not generated for it; only its own diagnostics are promised.
            var actual = compiled.Diagnostics.Where(diagnostic => block.Promise != Promise.Wrong || diagnostic.Id.StartsWith("MEMO", StringComparison.Ordinal))
                .Concat(compiled.Advice.Where(advice => block.Diagnostics.Contains(advice.Id)));
            if (!expected.SequenceEqual(actual.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal)))
                wrong.Add($"{block}: expected [{string.Join(", ", expected)}], got:\n  {string.Join("\n  ", compiled.Diagnostics)}");
            else if (block.Promise == Promise.Wrong && QuoteAfter(block) is { } quote && !actual.Any(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture) == quote))
                wrong.Add($"{block}: quotes\n  {quote}\nbut the message is\n  {string.Join("\n  ", compiled.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture)))}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_inside_the_project_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (Match link in Link().Matches(WithoutCode(Repository.Read(page))))
        {
            var target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            var (file, anchor) = target.Split('#') is [var left, var right] ? (left, right) : (target, "");
            var path = file.Length == 0 ? Path.Combine(Repository.Root, page) : Path.GetFullPath(Path.Combine(folder, file));
            Assert.True(Path.Exists(path), $"{page}: {target} leads nowhere");
            if (anchor.Length > 0)
                Assert.True(Anchors(File.ReadAllText(path)).Contains(anchor), $"{page}: {target} names no heading");
        }
    }

    public static TheoryData<string> Guides() => [.. Repository.Pages().Where(page => Path.GetDirectoryName(page) == "docs" && page != "docs/README.md")];

    [Theory]
    [MemberData(nameof(Guides))]
    public void Every_guide_is_in_the_index(string page)
        => Assert.Contains($"]({Path.GetFileName(page)})", Repository.Read("docs/README.md"), StringComparison.Ordinal);

    [Fact]
    public void The_guides_that_speak_of_options_lead_to_the_configuration()
    {
        foreach (var page in new[] { "lifetimes", "dependency-injection", "getting-started" })
            Assert.Contains("](configuration.md", Repository.Read($"docs/{page}.md"), StringComparison.Ordinal);
    }

    // What a page says that the compiler says, in the block quote that follows the sample.
    private static string? QuoteAfter(CodeBlock block)
    {
        var text = Repository.Read(block.Page);
        var rest = text[(text.IndexOf(block.Code, StringComparison.Ordinal) + block.Code.Length)..].TrimStart('`', '\n');
        return rest.StartsWith("> ", StringComparison.Ordinal) ? rest[2..rest.IndexOf('\n')].Replace("\\<", "<", StringComparison.Ordinal) : null;
    }

    private static IEnumerable<string> Anchors(string text)
        => WithoutCode(text).Split('\n').Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static string WithoutCode(string text) => Fenced().Replace(text.ReplaceLineEndings("\n"), "");

    private static string Squeeze(string code) => WhiteSpace().Replace(code, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\s*```.*?^\s*```\s*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
