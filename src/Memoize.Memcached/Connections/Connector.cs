using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Memoize.Memcached.Connections;

/// <summary>Makes sockets and streams to one server.</summary>
internal sealed class Connector(ServerAddress server, MemcachedCacheOptions options)
{
    private readonly TimeSpan _timeout = options.ConnectTimeout;
    private readonly SslClientAuthenticationOptions? _tls = options.Tls;

    public async Task<(Socket Socket, Stream Stream)> ConnectAsync(CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(_timeout);
        var socket = IPAddress.TryParse(server.Host, out var address)
            ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        Stream? stream = null;
        try
        {
            socket.NoDelay = true;
            if (address is not null)
                await socket.ConnectAsync(new IPEndPoint(address, server.Port), limit.Token).ConfigureAwait(false);
            else
                await socket.ConnectAsync(new DnsEndPoint(server.Host, server.Port), limit.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
                stream = await SecureAsync(stream, _tls, limit.Token).ConfigureAwait(false);
            return (socket, stream);
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, SslClientAuthenticationOptions tls, CancellationToken token)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(CopyOf(tls, server.Host), token).ConfigureAwait(false);
        return secure;
    }

    /// <summary>The options belong to the user and may serve several servers: the name is set on a copy, which has all the rest.</summary>
    internal static SslClientAuthenticationOptions CopyOf(SslClientAuthenticationOptions tls, string host)
    {
        var copy = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost ?? host,
            AllowRenegotiation = tls.AllowRenegotiation,
            AllowTlsResume = tls.AllowTlsResume,
            ApplicationProtocols = tls.ApplicationProtocols,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            CertificateRevocationCheckMode = tls.CertificateRevocationCheckMode,
            CipherSuitesPolicy = tls.CipherSuitesPolicy,
            ClientCertificateContext = tls.ClientCertificateContext,
            ClientCertificates = tls.ClientCertificates,
            EnabledSslProtocols = tls.EnabledSslProtocols,
            EncryptionPolicy = tls.EncryptionPolicy,
            LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
        };
#if NET10_0_OR_GREATER
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            copy.AllowRsaPkcs1Padding = tls.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = tls.AllowRsaPssPadding;
        }
#endif
        return copy;
    }
}
