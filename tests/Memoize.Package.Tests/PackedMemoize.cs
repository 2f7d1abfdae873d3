using System.IO.Compression;
using System.Text.Json;
using Memoize.Package.Tests;

[assembly: AssemblyFixture(typeof(PackedMemoize))]

namespace Memoize.Package.Tests;

/// <summary>
/// Packs all packages of <c>src</c> once for all tests, into a temporary folder outside the repository, and builds the scenarios there
/// against them. The package folder is a fresh one and the version belongs to this run alone, so nothing can come from a stale cache.
/// </summary>
public sealed class PackedMemoize : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("memoize-package-tests-").FullName;

    /// <summary>The packages that there are: the folders of <c>src</c>.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        [.. Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>The version that only this run's packages have.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    /// <summary>The folder that the scenarios restore the packages from.</summary>
    public string Feed => Path.Combine(_root, "feed");

    private string Scenarios => Path.Combine(_root, "scenarios");

    private string Restored => Path.Combine(_root, "packages");

    internal Finished Build { get; private set; } = new(-1, "");

    /// <summary>Packs, and builds the scenarios with warnings as errors.</summary>
    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        // The configuration that these tests were built in is the one that is already built.
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var usual = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        // One build of all of them, whatever there is in src.
        var all = Path.Combine(_root, "Packages.slnf");
        await File.WriteAllTextAsync(all, JsonSerializer.Serialize(new
        {
            solution = new { path = Path.Combine(RepositoryRoot.Path, "Memoize.sln"), projects = Packages.Select(name => $"src\\{name}\\{name}.csproj") },
        }), token);
        var pack = await Shell.Dotnet(RepositoryRoot.Path, usual, token, "pack", all, "-c", configuration, "-o", Feed, $"-p:PackageVersion={Version}", "-tl:off");
        Assert.True(pack.ExitCode == 0, pack.Output);

        Copy(Path.Combine(AppContext.BaseDirectory, "Scenarios"), Scenarios);
        await File.WriteAllTextAsync(Path.Combine(Scenarios, "NuGet.Config"),
            $"""<configuration><packageSources><add key="packed" value="{Feed}" /></packageSources></configuration>""", token);
        Build = await Dotnet("build", "Scenarios.slnx", "-warnaserror");
    }

    /// <summary>The packed file of a package.</summary>
    public string FileOf(string package) => Path.Combine(Feed, $"{package}.{Version}.nupkg");

    /// <summary>The names of a package's own entries, without the parts that every package has.</summary>
    public IReadOnlyList<string> Entries(string package)
    {
        using var zip = ZipFile.OpenRead(FileOf(package));
        return [.. zip.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Where a file is that the build of the scenarios left behind.</summary>
    public string PathOf(string path) => Path.Combine(Scenarios, path);

    /// <summary>A file that the build of the scenarios left behind.</summary>
    public string ReadScenario(string path) => File.ReadAllText(PathOf(path));

    /// <summary>The bytes of one entry of a package.</summary>
    public byte[] Read(string entry, string package = "Memoize")
    {
        using var zip = ZipFile.OpenRead(FileOf(package));
        using var stream = zip.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    internal Task<Finished> Dotnet(params string[] arguments)
        => Shell.Dotnet(Scenarios, Restored, TestContext.Current.CancellationToken, [.. arguments, "-tl:off", $"-p:MemoizeVersion={Version}"]);

    internal async Task<Finished> Run(string project, string framework)
    {
        Assert.True(Build.ExitCode == 0, Build.Output);
        // What is built for net8.0 runs on .NET 8 where there is one: see tests/Directory.Build.targets.
        var dotnet = framework == "net8.0" && Environment.GetEnvironmentVariable("MEMOIZE_DOTNET8") is { Length: > 0 } folder ? Path.Combine(folder, "dotnet") : "dotnet";
        var run = await Shell.Run(dotnet, Scenarios, Restored, TestContext.Current.CancellationToken,
            Path.Combine(Scenarios, project, "bin", "Debug", framework, project + ".dll"));
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }

    /// <summary>Deletes everything.</summary>
    public ValueTask DisposeAsync()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (IOException)
        {
            // A build server may still write there; the system's own cleaning of temporary files takes what is left.
        }
        return ValueTask.CompletedTask;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
