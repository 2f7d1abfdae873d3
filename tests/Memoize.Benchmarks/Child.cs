using System.Diagnostics;

namespace Memoize.Benchmarks;

/// <summary>This program again, as another process that is asked a line at a time.</summary>
internal static class Child
{
    internal static Process Start(params string[] arguments)
    {
        // It is an executable of its own, or what dotnet was given to run.
        var program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(new ProcessStartInfo(program, [.. own, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    internal static string Ask(this Process child, string line)
    {
        child.StandardInput.WriteLine(line);
        return child.Answer();
    }

    internal static string Answer(this Process child) => child.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A child has ended.");

    /// <summary>It ends when it has nothing more to read.</summary>
    internal static void End(this Process child)
    {
        child.StandardInput.Close();
        child.WaitForExit();
        child.Dispose();
    }
}
