using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Memoize.Redis.Tests;

/// <summary>A redis-server of the tests' own, on a loopback port, without a file; killed when it is disposed.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly string[] arguments;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memoize-redis-");
    private Process? process;

    private RedisProcess(int port, string[] arguments)
    {
        Port = port;
        this.arguments = arguments;
    }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    internal static bool IsInstalled { get; } = Find() is not null;

    internal static RedisProcess Start(params string[] arguments) => Start(FreePort(), arguments);

    internal static RedisProcess Start(int port, string[] arguments)
    {
        var server = new RedisProcess(port, arguments);
        server.Start();
        return server;
    }

    internal void Start()
    {
        var start = new ProcessStartInfo(Find() ?? throw new InvalidOperationException("redis-server is not installed: apt-get install redis-server"))
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
        };
        foreach (var argument in (string[])["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        var log = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            log += line + "\n";
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // A pipe that nobody empties would stop the server one day.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }
        throw new InvalidOperationException("redis-server did not start:\n" + log);
    }

    internal void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process!.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        folder.Delete(recursive: true);
    }

    internal static int FreePort()
    {
        // A cluster needs the port that is higher by ten thousand too.
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (port < 55000)
                return port;
        }
    }

    private static string? Find()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "redis-server"))
            .FirstOrDefault(File.Exists);
}
