using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Memoize.Memcached.Tests;

/// <summary>A server that does what the test says, one connection after the other or at once.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<ScriptedConnection, Task> _script;
    private int _connections;

    public ScriptedServer(Func<ScriptedConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Connections => Volatile.Read(ref _connections);

    public MemcachedCache Connect(Action<MemcachedCacheOptions>? configure = null)
    {
        var options = new MemcachedCacheOptions();
        options.Servers.Add(Address);
        configure?.Invoke(options);
        return new MemcachedCache(options);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var number = Interlocked.Increment(ref _connections);
                _ = Task.Run(async () =>
                {
                    using (client)
                        await _script(new ScriptedConnection(number, client.GetStream()));
                });
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}

/// <summary>One connection to a <see cref="ScriptedServer"/>.</summary>
internal sealed class ScriptedConnection(int number, NetworkStream stream)
{
    private readonly StreamReader _reader = new(stream, Encoding.Latin1);

    /// <summary>The first is 1.</summary>
    public int Number => number;

    /// <summary>The next line that the client sends; null at the end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task WriteAsync(string text)
    {
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException)
        {
            // The client has left.
        }
    }

    /// <summary>The token that a line asks to be given back.</summary>
    public static string Opaque(string line) => line[line.LastIndexOf('O')..];

    /// <summary>A value as the store writes it, for a read.</summary>
    public static string Value(string line, string text)
        => $"VA {text.Length + 1} f{Values.StoredValue.Format} c1 t-1 {Opaque(line)}\r\n\0{text}\r\n";

    /// <summary>Misses, and whatever else is asked for goes well.</summary>
    public static string Answer(string line) => line switch
    {
        "mn" => "MN\r\n",
        _ when line.StartsWith("mg", StringComparison.Ordinal) => $"EN {Opaque(line)}\r\n",
        _ when line.StartsWith('m') => $"HD {Opaque(line)}\r\n",
        _ => "",
    };
}
