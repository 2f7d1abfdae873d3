namespace Memoize.Docs.Tests;

/// <summary>The work tree that the tests were built in.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Path;

    /// <summary>The pages that are for readers of the project: README and the like, and everything under docs.</summary>
    public static IEnumerable<string> Pages()
        => Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");
}
