using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Memoize.Memcached.Connections;

/// <summary>Where a server is, from <c>host</c>, <c>host:port</c> or <c>[address]:port</c>.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    private const int DefaultPort = 11211;

    /// <summary>The seed of the server in the rendezvous, which depends on its name only, so that all processes agree.</summary>
    public long Seed => (long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(ToString()));

    public static ServerAddress Parse(string text)
    {
        var trimmed = text.Trim();
        var bracket = trimmed.LastIndexOf(']');
        var colon = trimmed.LastIndexOf(':');
        // A bare IPv6 address has colons of its own, and no port.
        var hasPort = colon > bracket && (bracket > 0 || trimmed.IndexOf(':') == colon);
        var host = (hasPort ? trimmed[..colon] : trimmed).Trim('[', ']').ToLowerInvariant();
        var port = DefaultPort;
        if (host.Length == 0 || (hasPort && !(int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536)))
            throw new ArgumentException($"'{text}' is no server: write host, host:port or [address]:port.", nameof(text));
        return new ServerAddress(host, port);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
