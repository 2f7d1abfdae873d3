using System.Net.Sockets;
using Garnet;

namespace QrCards;

/// <summary>
/// A Garnet, which speaks the Redis protocol, inside this process, so that the sample runs where nothing is installed. The first
/// instance starts it, and the others find it.
/// </summary>
internal static class EmbeddedRedis
{
    private const int Port = 6390;

    private static GarnetServer? _server;

    public static string StartOrFind()
    {
        if (!IsThere())
        {
            _server = new GarnetServer(["--port", $"{Port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "256m", "--page", "32m", "--index", "16m", "-q"]);
            _server.Start();
        }

        return $"127.0.0.1:{Port},abortConnect=false";
    }

    private static bool IsThere()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
