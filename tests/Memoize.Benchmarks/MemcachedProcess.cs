using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Memoize.Benchmarks;

/// <summary>A memcached on a loopback port of its own, which has to be installed.</summary>
internal sealed class MemcachedProcess : IDisposable
{
    private readonly int port = FreePort();
    private Process? process;

    internal MemcachedProcess() => Start();

    internal string Address => $"127.0.0.1:{port}";

    /// <summary>Starts it again, empty. Whether it answers yet, the client finds out.</summary>
    internal void Start()
    {
        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        process = Process.Start("memcached", [.. user, "-l", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]);
    }

    internal void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose() => Kill();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
