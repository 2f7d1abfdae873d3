using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>TLS, with certificates made here.</summary>
public sealed class SecurityTests
{
    [Fact]
    public async Task Over_TLS_the_certificate_is_checked()
    {
        var folder = Directory.CreateTempSubdirectory("memoize-tls-");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(folder.FullName, "certificate.pem"), Path.Combine(folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        var port = RedisProcess.FreePort();
        using var server = TestServers.OwnRedis("--port", "0", "--tls-port", $"{port}", "--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certificateFile, "--tls-auth-clients", "no");
        folder.Delete(recursive: true);

        var connection = new ConfigurationOptions { EndPoints = { new IPEndPoint(IPAddress.Loopback, port) }, Ssl = true, SslHost = "localhost" };
        await using (var distrusts = new RedisCache(new RedisCacheOptions { ConfigurationOptions = connection, Timeout = TimeSpan.FromSeconds(2) }))
            await Assert.ThrowsAnyAsync<RedisException>(() => distrusts.Put("a", "1"));

        var thumbprint = certificate.Thumbprint;
        connection.CertificateValidation += (_, presented, _, _) => presented?.GetCertHashString() == thumbprint;
        await using var cache = new RedisCache(new RedisCacheOptions { ConfigurationOptions = connection, Timeout = TimeSpan.FromSeconds(20) });
        var lease = (await cache.Ask("a")).Lease!.Value;
        Assert.True(await cache.Put("a", "1", lease));
        Assert.Equal("1", await cache.Text("a"));
        using var listener = await Listener.Start(cache);
        await cache.PublishAsync(Bytes("hello"));
        await listener.Has(1);
    }
}
