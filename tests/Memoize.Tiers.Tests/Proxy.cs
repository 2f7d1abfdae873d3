using System.Net;
using System.Net.Sockets;
using Memoize.Redis.Tests;

namespace Memoize.Tiers.Tests;

/// <summary>Stands between a client and its server, and makes the network bad on cue.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly int target;
    private readonly List<Socket> open = [];
    private Socket? listener;

    internal Proxy(int target)
    {
        this.target = target;
        Port = RedisProcess.FreePort();
        Listen();
    }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    /// <summary>How long each piece of an answer is held back.</summary>
    internal TimeSpan Latency { get; set; }

    /// <summary>Whether only half of the next piece of an answer goes through, and the connection ends there.</summary>
    internal bool Halves { get; set; }

    /// <summary>Ends all connections; new ones are refused until <see cref="Listen"/>.</summary>
    internal void Refuse()
    {
        listener?.Dispose();
        listener = null;
        Cut();
    }

    internal void Listen()
    {
        listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        _ = AcceptAsync(listener);
    }

    public void Dispose() => Refuse();

    private void Cut()
    {
        lock (open)
        {
            open.ForEach(static socket => socket.Dispose());
            open.Clear();
        }
    }

    private async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                var client = await from.AcceptAsync();
                _ = ConnectAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        // Otherwise what is sent in pieces waits up to 40 ms for the other side to confirm the first, which is no fault that was asked for.
        client.NoDelay = true;
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (open)
            open.AddRange([client, server]);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            client.Dispose();
            server.Dispose();
            return;
        }
        await Task.WhenAll(PassAsync(client, server, isAnswer: false), PassAsync(server, client, isAnswer: true));
    }

    private async Task PassAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (isAnswer && Latency > TimeSpan.Zero)
                    await Task.Delay(Latency);
                if (isAnswer && Halves)
                {
                    await to.SendAsync(buffer.AsMemory(0, count / 2));
                    break;
                }
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
        from.Dispose();
        to.Dispose();
    }
}
