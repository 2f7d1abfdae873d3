using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Memoize.Tests;

namespace Memoize.Redis.Tests;

/// <summary>
/// A redis-server of the tests' own, on a loopback port, without a file; killed when it is disposed. Where there is only a valkey-server,
/// it is that, and with <c>MEMOIZE_TEST_SERVER=valkey-server</c> it is that in any case.
/// </summary>
internal sealed class RedisProcess : IDisposable
{
    // The nodes of a cluster talk to each other on the port that is higher by so much.
    private const int ToBus = 10_000;

    private readonly string readiness;
    private readonly string[] arguments;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("memoize-redis-");
    private Process? process;

    private RedisProcess(int port, string readiness, string[] arguments)
    {
        Port = port;
        this.readiness = readiness;
        this.arguments = arguments;
    }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    /// <summary>Neither killed nor stopped.</summary>
    internal bool IsAnswering { get; private set; }

    internal static bool IsInstalled { get; } = Find() is not null;

    internal static RedisProcess Start(params string[] arguments) => Start(FreePort(), arguments);

    internal static RedisProcess Start(int port, string[] arguments)
    {
        var server = new RedisProcess(port, "Ready to accept connections", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments]);
        server.Start();
        return server;
    }

    /// <summary>A sentinel of a quorum of one, which takes a primary for dead after half a second.</summary>
    internal static RedisProcess StartSentinel(string service, int primary)
    {
        var server = new RedisProcess(FreePort(), "+monitor", ["sentinel.conf", "--sentinel"]);
        File.WriteAllText(
            Path.Combine(server.folder.FullName, "sentinel.conf"),
            $"""
            port {server.Port}
            bind 127.0.0.1
            sentinel monitor {service} 127.0.0.1 {primary} 1
            sentinel down-after-milliseconds {service} 500
            sentinel failover-timeout {service} 5000

            """);
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
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        var log = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            log += line + "\n";
            if (line.Contains(readiness, StringComparison.Ordinal))
            {
                // A pipe that nobody empties would stop the server one day.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                IsAnswering = true;
                return;
            }
        }
        throw new InvalidOperationException("redis-server did not start:\n" + log);
    }

    internal void Kill()
    {
        IsAnswering = false;
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    internal void Signal(string name)
    {
        ProcessSignal.Send(process!, name);
        IsAnswering = name == "CONT";
    }

    /// <summary>One command and its answer, without the code under test and without a client that knows better: a line or a text.</summary>
    internal string Say(string command)
    {
        using var client = new TcpClient("127.0.0.1", Port);
        using var stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var first = reader.ReadLine() ?? throw new EndOfStreamException($"{command}: the server has ended the connection in place of an answer.");
        if (first.StartsWith('-'))
            throw new InvalidOperationException($"{command}: {first}");
        if (!first.StartsWith('$'))
            return first[1..];
        var text = new char[int.Parse(first.AsSpan(1), CultureInfo.InvariantCulture)];
        reader.ReadBlock(text);
        return new(text);
    }

    public void Dispose()
    {
        Kill();
        folder.Delete(recursive: true);
    }

    internal static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (port + ToBus <= ushort.MaxValue && IsFree(port + ToBus))
                return port;
        }

        static bool IsFree(int port)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    private static string? Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] programs = Environment.GetEnvironmentVariable("MEMOIZE_TEST_SERVER") is { Length: > 0 } wanted ? [wanted] : ["redis-server", "valkey-server"];
        return programs.SelectMany(program => folders.Select(folder => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
    }
}
