using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>TLS, and a user who may do what docs/redis.md says and nothing else.</summary>
public sealed class SecurityTests
{
    /// <summary>What docs/redis.md tells an administrator to give.</summary>
    private const string Rules =
        "resetkeys resetchannels -@all ~shop:* ~{shop:* ~{*}:lease:shop:* &shop:invalidation "
        + "+get +mget +set +del +unlink +getrange +pexpire +time +scan +eval +evalsha +script|load +publish +subscribe +unsubscribe +ping +echo +info +client|setname +client|id +cluster|nodes";

    [Theory, InlineData(TestServers.Redis), InlineData(TestServers.Cluster)]
    public async Task A_user_of_the_prefix_alone_can_do_everything_and_nothing_beyond(string kind)
    {
        using var server = kind == TestServers.Redis ? TestServers.OwnRedis() : null;
        using var cluster = kind == TestServers.Cluster ? TestServers.OwnCluster(replicas: false) : null;
        foreach (var node in cluster?.Nodes ?? [server!])
            node.Say($"ACL SETUSER shop on >secret {Rules}");
        var address = server?.Address ?? cluster!.Address;
        using var admin = await ConnectionMultiplexer.ConnectAsync(address);
        await admin.GetDatabase().StringSetAsync("of another application", "1");
        await using var cache = new RedisCache(new RedisCacheOptions { Configuration = address + ",user=shop,password=secret", KeyPrefix = "shop:", Timeout = TimeSpan.FromSeconds(20) });

        foreach (var key in (string[])["user:42", "{user}:42", "odd}key"])
        {
            var lease = (await cache.Ask(key)).Lease!.Value;
            Assert.True(await cache.Put(key, "1", lease));
            Assert.Equal("1", await cache.Text(key));
            await cache.ReleaseAsync(key, (await cache.LeaseAsync(key, Minute)).Lease!.Value);
            await cache.RemoveAsync(key);
        }
        await cache.SetAsync("sliding", Bytes("1"), new() { SlidingExpiration = Minute });
        Assert.Equal("1", await cache.Text("sliding"));
        await cache.RefreshAsync("sliding");
        using var listener = await Listener.Start(cache);
        await cache.PublishAsync(Bytes("hello"));
        await listener.Has(1);
        Assert.Equal(1, await cache.ClearAsync());
        Assert.Equal("1", (string?)await admin.GetDatabase().StringGetAsync("of another application"));

        await using var stranger = new RedisCache(new RedisCacheOptions { Configuration = address + ",user=shop,password=secret", KeyPrefix = "other:", Timeout = TimeSpan.FromSeconds(20) });
        await Assert.ThrowsAsync<RedisServerException>(() => stranger.GetAsync("a"));
        await Assert.ThrowsAsync<RedisServerException>(() => stranger.Put("a", "1"));
    }

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
