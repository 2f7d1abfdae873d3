using Garnet;

namespace Memoize.Redis.Tests;

/// <summary>A Garnet inside the test process.</summary>
internal sealed class GarnetInside : IDisposable
{
    private readonly GarnetServer server;

    internal GarnetInside()
    {
        Port = RedisProcess.FreePort();
        server = new(["--port", $"{Port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "1g", "--page", "128m", "--index", "16m", "-q"]);
        server.Start();
    }

    internal int Port { get; }

    public void Dispose() => server.Dispose();
}
