using System.Reflection;
using System.Runtime.CompilerServices;

namespace Memoize.Generators.Tests.Harness;

/// <summary>
/// Compares generated files with <c>Snapshots/{test}/*.verified.cs</c>. <c>MEMOIZE_UPDATE_SNAPSHOTS=1</c> writes them anew, except on
/// a build server, where a snapshot must never be what it is compared with.
/// </summary>
static class Snapshot
{
    // Not CallerFilePath: it is another path in a deterministic build.
    public static string ProjectDirectory { get; } = typeof(Snapshot).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ProjectDirectory").Value!;

    static bool IsUpdating => Environment.GetEnvironmentVariable("MEMOIZE_UPDATE_SNAPSHOTS") == "1";

    static bool IsBuildServer => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public static void Match(GeneratorRun run, [CallerMemberName] string test = "") =>
        Match(run.Files.ToDictionary(file => Name(file.HintName), file => LocationScrubber.Scrub(file.SourceText.ToString(), run)), Path.Combine(ProjectDirectory, "Snapshots", test));

    public static void Match(IReadOnlyDictionary<string, string> files, string directory)
    {
        if (IsUpdating)
        {
            Assert.False(IsBuildServer, "MEMOIZE_UPDATE_SNAPSHOTS is set on a build server; snapshots are updated by people");
            Rewrite(files, directory);
            return;
        }

        var existing = Directory.Exists(directory) ? Directory.GetFiles(directory).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal) : [];
        var missing = files.Keys.Except(existing).Order(StringComparer.Ordinal).ToList();
        var orphans = existing.Except(files.Keys).Order(StringComparer.Ordinal).ToList();
        Assert.True(
            missing.Count == 0 && orphans.Count == 0,
            $"{directory}\n  generated without a snapshot: {string.Join(", ", missing)}\n  snapshots that are not generated: {string.Join(", ", orphans)}\n{HowToUpdate}");
        foreach (var (name, text) in files)
            AssertSame(File.ReadAllText(Path.Combine(directory, name)).ReplaceLineEndings("\n"), text, Path.Combine(directory, name));
    }

    const string HowToUpdate = "Set MEMOIZE_UPDATE_SNAPSHOTS=1, run the test, and read the difference in git before you commit it";

    static void AssertSame(string expected, string actual, string path)
    {
        if (expected == actual)
            return;
        var old = expected.Split('\n');
        var now = actual.Split('\n');
        var line = Enumerable.Range(0, Math.Min(old.Length, now.Length)).FirstOrDefault(i => old[i] != now[i], Math.Min(old.Length, now.Length));
        var context = string.Join("\n", Enumerable.Range(Math.Max(0, line - 3), Math.Min(3, line)).Select(i => "    " + old[i]));
        Assert.Fail($"{path}({line + 1}): the generated code is another\n{context}\n  - {Line(old, line)}\n  + {Line(now, line)}\n{HowToUpdate}");
    }

    static string Line(string[] lines, int index) => index < lines.Length ? lines[index] : "(end of file)";

    static void Rewrite(IReadOnlyDictionary<string, string> files, string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(directory, name), text);
    }

    static string Name(string hintName) => hintName[..^".g.cs".Length] + ".verified.cs";
}
