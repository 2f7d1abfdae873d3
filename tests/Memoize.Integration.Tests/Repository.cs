namespace Memoize.Integration.Tests;

/// <summary>The work tree that the tests were built in, whose documentation they hold to its word.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Memoize.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException("Memoize.sln is in no folder above the tests.");
    }
}
