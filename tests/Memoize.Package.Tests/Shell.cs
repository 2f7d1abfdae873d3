using System.Diagnostics;
using System.Text;

namespace Memoize.Package.Tests;

/// <summary>What a finished program left: its exit code, and both output streams in one text.</summary>
internal sealed record Finished(int ExitCode, string Output)
{
    /// <summary>The value of the one output line that reads <c>name=value</c>.</summary>
    public string this[string name]
    {
        get
        {
            var lines = Output.Split('\n').Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).ToArray();
            Assert.True(lines.Length == 1, $"Not exactly one line '{name}=…' in:\n{Output}");
            return lines[0][(name.Length + 1)..].Trim();
        }
    }
}

/// <summary>Runs <c>dotnet</c> the way a person's shell would: without what this test process inherited from its own build.</summary>
internal static class Shell
{
    public static Task<Finished> Dotnet(string folder, string packages, CancellationToken cancellationToken, params string[] arguments)
        => Run("dotnet", folder, packages, cancellationToken, arguments);

    public static async Task<Finished> Run(string program, string folder, string packages, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase))
                start.Environment.Remove(name);
        }
        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["DOTNET_ROLL_FORWARD"] = "Major";
        // A build node that stays behind would hold the output stream, and this process would wait for it.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var text = new StringBuilder();
        var readers = Task.WhenAll(Drain(process.StandardOutput, text), Drain(process.StandardError, text));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            await readers.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new Finished(process.ExitCode, text.ToString());
    }

    private static async Task Drain(StreamReader reader, StringBuilder into)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (into)
                into.Append(line).Append('\n');
        }
    }
}
