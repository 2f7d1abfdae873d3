using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Memoize.Memcached.Connections;

namespace Memoize.Memcached.Tests;

/// <summary>TLS, through a proxy that ends it: what distributions call memcached is often built without.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly MemcachedServer _server = MemcachedServer.Start();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = SelfSigned();

    public TlsTests()
    {
        _listener.Start();
        _ = ProxyAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _server.Dispose();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Values_go_through_TLS()
    {
        using var cache = Connect(new SslClientAuthenticationOptions
        {
            TargetHost = "cache.test",
            RemoteCertificateValidationCallback = (_, certificate, _, errors)
                => errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate!.GetCertHashString() == _certificate.GetCertHashString(),
        });
        var value = new byte[500_000];
        new Random(3).NextBytes(value);
        await cache.SetAsync("k", value, new());
        Assert.Equal(value, await cache.GetAsync("k"));
        Assert.StartsWith("HD", _server.Send("mg k s\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_no_connection()
    {
        using var cache = Connect(new SslClientAuthenticationOptions());
        await cache.SetAsync("k", [1], new());
        Assert.Null(await cache.GetAsync("k"));
        Assert.Equal(1, cache.Statistics.NotStored[MemcachedFailure.NoConnection]);
        Assert.Single(cache.Statistics.ServersDown);
        Assert.StartsWith("EN", _server.Send("mg k s\r\n"), StringComparison.Ordinal);
    }

    // By reflection, so that an option of a later .NET is not left out.
    [Fact]
    public void Every_option_is_passed_on()
    {
        var given = new SslClientAuthenticationOptions();
        var properties = typeof(SslClientAuthenticationOptions).GetProperties();
#if !NET10_0_OR_GREATER
        // The library for .NET 8 knows nothing of what came later, also where it runs on a later one.
        properties = [.. properties.Where(static property => property.Name is not ("AllowRsaPssPadding" or "AllowRsaPkcs1Padding"))];
#endif
        foreach (var property in properties)
        {
            var before = property.GetValue(given);
            object? other = property.PropertyType switch
            {
                { } type when type == typeof(bool) => !(bool)before!,
                { IsEnum: true } type => Enum.GetValues(type).Cast<object>().First(value => !value.Equals(before)),
                { } type when type == typeof(string) => "cache.test",
                { } type when type == typeof(List<SslApplicationProtocol>) => new List<SslApplicationProtocol> { SslApplicationProtocol.Http2 },
                { } type when type == typeof(X509ChainPolicy) => new X509ChainPolicy(),
                { } type when type == typeof(X509CertificateCollection) => new X509CertificateCollection(),
                { } type when type == typeof(SslStreamCertificateContext) => SslStreamCertificateContext.Create(_certificate, null, offline: true),
                { } type when type == typeof(CipherSuitesPolicy) => OperatingSystem.IsLinux() ? new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256]) : null,
                { } type when type == typeof(LocalCertificateSelectionCallback) => (LocalCertificateSelectionCallback)((_, _, _, _, _) => _certificate),
                { } type when type == typeof(RemoteCertificateValidationCallback) => (RemoteCertificateValidationCallback)((_, _, _, _) => false),
                { } type => throw new NotSupportedException($"Give {property.Name} a {type}."),
            };
            property.SetValue(given, other);
        }

        var copy = Connector.CopyOf(given, "other.test");
        Assert.All(properties, property => Assert.Equal(property.GetValue(given), property.GetValue(copy)));
        Assert.Equal("other.test", Connector.CopyOf(new(), "other.test").TargetHost);
    }

    private MemcachedCache Connect(SslClientAuthenticationOptions tls)
    {
        var options = new MemcachedCacheOptions { Tls = tls, OperationTimeout = TimeSpan.FromSeconds(10), ConnectTimeout = TimeSpan.FromSeconds(10) };
        options.Servers.Add($"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        return new MemcachedCache(options);
    }

    private async Task ProxyAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => ForwardAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using var secure = new SslStream(client.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(_certificate);
            await server.ConnectAsync(IPAddress.Loopback, _server.Port);
            await Task.WhenAny(secure.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(secure));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client did not want it.
        }
        client.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=cache.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("cache.test");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
#pragma warning disable SYSLIB0057 // The loader that replaces this constructor is not in .NET 8.
        return new X509Certificate2(made.Export(X509ContentType.Pfx));
#pragma warning restore SYSLIB0057
    }
}
