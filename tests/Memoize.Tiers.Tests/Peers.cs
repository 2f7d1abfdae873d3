using System.Diagnostics;
using System.Globalization;
using Memoize.Tiers.Peer;

namespace Memoize.Tiers.Tests;

/// <summary>Other processes with a cached method, on one store and one truth; killed when the test is over.</summary>
internal sealed class Peers : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("memoize-peers-").FullName;
    private readonly List<Process> processes = [];

    internal Peers() => Truth = new(Path.Combine(folder, "truth"));

    internal Truth Truth { get; }

    internal string File => Path.Combine(folder, "cache.db");

    /// <summary>Starts some; all of them are ready afterwards.</summary>
    internal async Task StartAsync(int count, string kind, string address, string door, double patience = 20)
    {
        for (var i = 0; i < count; i++)
        {
            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Memoize.Tiers.Peer.dll"), kind, address, "peers:", Path.Combine(folder, "truth"), door, patience.ToString(CultureInfo.InvariantCulture)];
            processes.Add(Process.Start(new ProcessStartInfo(OwnRuntime.Dotnet, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        }
        for (var i = processes.Count - count; i < processes.Count; i++)
            Assert.Equal("ready", await AnswerAsync(i));
    }

    internal async Task<string> SayAsync(int peer, string command)
    {
        await processes[peer].StandardInput.WriteLineAsync(command);
        return await AnswerAsync(peer);
    }

    internal Task<string[]> SayToAllAsync(string command) => SayToAllAsync(_ => command);

    internal Task<string[]> SayToAllAsync(Func<int, string> command)
        => Task.WhenAll(Enumerable.Range(0, processes.Count).Select(peer => SayAsync(peer, command(peer))));

    /// <summary>What a peer has found: the version, how often it has run the method since it began, and in how many milliseconds.</summary>
    internal async Task<(int Version, int Runs, double Milliseconds)> FindAsync(int peer, int key, int callers = 1)
        => Found(await SayAsync(peer, $"find {key} {callers}"));

    internal static (int Version, int Runs, double Milliseconds) Found(string said)
        => Numbers(said) is [var version, var runs, var milliseconds] ? ((int)version, (int)runs, milliseconds) : throw new FormatException(said);

    internal static double[] Numbers(string said) => [.. said.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>SIGKILL.</summary>
    internal void Kill(int peer)
    {
        processes[peer].Kill();
        processes[peer].WaitForExit();
    }

    public void Dispose()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Truth.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> AnswerAsync(int peer)
        => await processes[peer].StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(120)) ?? throw new InvalidOperationException("The peer has ended.");
}
