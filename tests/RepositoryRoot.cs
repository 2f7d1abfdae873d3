namespace Memoize;

/// <summary>The work tree that the tests were built in. Found from where they are: a deterministic build does not tell where their sources were.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "Memoize.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException("Memoize.sln is in no folder above the tests.");
    }
}
