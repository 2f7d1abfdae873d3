using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Memoize.Docs.Tests;

/// <summary>The README shows what the QuickStart prints: its numbers are of another machine, and all else is the same.</summary>
public sealed partial class QuickStartTests
{
    [Fact]
    public async Task It_prints_what_the_README_shows()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        var configuration = typeof(QuickStartTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.Combine(Repository.Root, "samples", "QuickStart", "bin", configuration, "net10.0", "QuickStart.dll");
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        string output;
        try
        {
            output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, output);
        var shown = Lines(Shown().Match(Repository.Read("README.md")).Groups["text"].Value);
        Assert.True(shown.Count >= 12, "The README shows no output of the QuickStart.");
        var printed = Lines(output);
        Assert.All(shown, line => Assert.Contains(line, printed));
    }

    // Without frames, and with # for each number and its unit.
    private static List<string> Lines(string text) =>
    [
        .. text.ReplaceLineEndings("\n").Split('\n')
            .Where(line => line.StartsWith('│') || line.StartsWith('✓'))
            .Select(line => Spaces().Replace(Number().Replace(line, "#"), " ").Trim()),
    ];

    [GeneratedRegex("```text\\n(?<text>╭.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex(@"\d[\d,.]*( (ns|µs|ms|s|min)\b)?")]
    private static partial Regex Number();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
