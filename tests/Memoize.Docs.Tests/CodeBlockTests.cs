namespace Memoize.Docs.Tests;

/// <summary>The checks of the pages are worth what these show: that a broken page fails.</summary>
public sealed class CodeBlockTests
{
    [Fact]
    public void Blocks_are_found_with_their_lines_and_promises()
    {
        var blocks = CodeBlock.In("page.md", "text\n```csharp\nclass A;\n```\n```bash\nls\n```\n```csharp wrong MEMO0001 MEMO0002\nclass B;\n```\n```csharp continues\nclass C;\n```\n").ToList();
        Assert.Equal(["page.md:2", "page.md:8", "page.md:11"], blocks.Select(block => block.ToString()));
        Assert.Equal([Promise.Compiles, Promise.Wrong, Promise.Continues], blocks.Select(block => block.Promise));
        Assert.Equal(["MEMO0001", "MEMO0002"], blocks[1].Diagnostics);
        Assert.Equal("class C;\n", blocks[2].Code);
    }

    [Fact]
    public void What_a_reader_does_not_need_is_in_a_comment()
        => Assert.Equal([Promise.Hidden, Promise.Compiles], CodeBlock.In("page.md", "<!--csharp\nclass A;\n-->\n```csharp\nclass B : A;\n```\n").Select(block => block.Promise));

    [Fact]
    public void An_unknown_promise_is_an_error()
        => Assert.Throws<InvalidDataException>(() => CodeBlock.In("page.md", "```csharp wrnog MEMO0001\n```\n").ToList());

    [Fact]
    public async Task A_sample_that_does_not_compile_is_seen()
    {
        var compiled = await Compiler.Compile(["using Memoize; class A { int M() => ; }"], TestContext.Current.CancellationToken);
        Assert.Contains(compiled.Diagnostics, diagnostic => diagnostic.Id == "CS1525");
    }

    [Fact]
    public async Task A_cached_method_is_generated_for()
    {
        var compiled = await Compiler.Compile(["using Memoize; public static class A { [Cached] public static int M(int x) => x; }"], TestContext.Current.CancellationToken);
        Assert.Empty(compiled.Diagnostics);
        Assert.NotEmpty(compiled.Generated);
    }
}
