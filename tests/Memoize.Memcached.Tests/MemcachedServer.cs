using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Memoize.Tests;

namespace Memoize.Memcached.Tests;

/// <summary>A real memcached on a loopback port of its own, for tests and benchmarks.</summary>
internal sealed partial class MemcachedServer : IDisposable
{
    private Process? _process;
    private readonly string[] _arguments;

    private MemcachedServer(int port, string[] arguments)
    {
        Port = port;
        _arguments = arguments;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    internal static bool IsInstalled
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "memcached")));

    /// <summary>Starts one, which has to be installed. Where something is said twice, the last of the arguments counts.</summary>
    public static MemcachedServer StartInstalled(params string[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new MemcachedServer(FreePort(), arguments);
            try
            {
                server.Launch();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody took the port in between.
            }
        }
    }

    /// <summary>Starts it again, empty.</summary>
    public void Launch()
    {
        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        _process = Process.Start(new ProcessStartInfo("memcached", [.. user, "-l", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-t", "2", .. _arguments])
        {
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Send("mn\r\n");
                return;
            }
            catch (SocketException) when (!_process.HasExited && started.Elapsed < TimeSpan.FromSeconds(20))
            {
                Thread.Sleep(10);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException("memcached did not start.");
            }
        }
    }

    /// <summary>Takes the process away, as a crash does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Halts the process: it accepts connections (its kernel does), and answers nothing.</summary>
    public void Halt() => ProcessSignal.Send(_process!, "STOP");

    /// <summary>Lets it go on.</summary>
    public void Continue() => ProcessSignal.Send(_process!, "CONT");

    /// <summary>Sends plain commands on a connection of its own and gives what comes back until the last answer.</summary>
    public string Send(string commands)
    {
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        stream.Write(Encoding.Latin1.GetBytes(commands + "mn\r\n"));
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith("MN\r\n", StringComparison.Ordinal))
        {
            var read = stream.Read(buffer);
            if (read == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString()[..^4];
    }

    public MemcachedCache Connect(Action<MemcachedCacheOptions>? configure = null)
    {
        var options = new MemcachedCacheOptions { OperationTimeout = TimeSpan.FromSeconds(10) };
        options.Servers.Add(Address);
        configure?.Invoke(options);
        return new MemcachedCache(options);
    }

    public void Dispose()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            process.WaitForExit();
        }
        _process?.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
