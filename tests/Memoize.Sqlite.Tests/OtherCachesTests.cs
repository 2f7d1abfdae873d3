using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace Memoize.Sqlite.Tests;

/// <summary>The store as the second level of other caches, and two of them as two processes have them.</summary>
public sealed class OtherCachesTests : IDisposable
{
    public sealed record Report(int Id, string Text);

    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(100)]
    [InlineData(900_000)]
    public async Task Under_HybridCache_another_process_finds_what_one_has_loaded(int size)
    {
        var loads = 0;
        for (var process = 0; process < 2; process++)
        {
            await using var provider = Services().AddHybridCache(options => options.MaximumPayloadBytes = 4 << 20).Services.BuildServiceProvider();
            var hybrid = provider.GetRequiredService<HybridCache>();
            for (var i = 0; i < 2; i++)
            {
                var report = await hybrid.GetOrCreateAsync("report", _ => new ValueTask<Report>(new Report(++loads, new('x', size))));
                Assert.Equal(new Report(1, new('x', size)), report);
            }
            await StoredAsync(provider);
            Assert.Equal((1, 1), (loads, provider.GetRequiredService<SqliteCache>().GetStatistics().Entries));
        }
    }

    // HybridCache stores behind its caller's back.
    private static async Task StoredAsync(IServiceProvider provider, int entries = 1)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (provider.GetRequiredService<SqliteCache>().GetStatistics().Entries < entries)
        {
            Assert.True(DateTime.UtcNow < end, "Nothing was stored within 30 seconds.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Under_HybridCache_what_one_process_removes_another_loads_anew()
    {
        await using var one = Services().AddHybridCache().Services.BuildServiceProvider();
        await using var two = Services().AddHybridCache().Services.BuildServiceProvider();
        var first = one.GetRequiredService<HybridCache>();
        Assert.Equal(1, await first.GetOrCreateAsync("a", _ => new ValueTask<int>(1)));
        await StoredAsync(one);
        await first.RemoveAsync("a");
        Assert.Equal(2, await two.GetRequiredService<HybridCache>().GetOrCreateAsync("a", _ => new ValueTask<int>(2)));
    }

    [Fact]
    public async Task Under_HybridCache_what_one_process_removes_by_tag_another_loads_anew()
    {
        await using var one = Services().AddHybridCache().Services.BuildServiceProvider();
        var first = one.GetRequiredService<HybridCache>();
        Assert.Equal(1, await first.GetOrCreateAsync("a", _ => new ValueTask<int>(1), tags: ["prices"]));
        Assert.Equal(1, await first.GetOrCreateAsync("b", _ => new ValueTask<int>(1), tags: ["names"]));
        await StoredAsync(one, 2);
        await first.RemoveByTagAsync("prices");
        await using var two = Services().AddHybridCache().Services.BuildServiceProvider();
        var second = two.GetRequiredService<HybridCache>();
        Assert.Equal(2, await second.GetOrCreateAsync("a", _ => new ValueTask<int>(2), tags: ["prices"]));
        Assert.Equal(1, await second.GetOrCreateAsync("b", _ => new ValueTask<int>(2), tags: ["names"]));
    }

    [Fact]
    public async Task Under_FusionCache_what_one_process_removes_by_tag_another_loads_anew()
    {
        await using var provider = Services().BuildServiceProvider();
        using var one = Fusion();
        Assert.Equal(1, await one.GetOrSetAsync("a", 1, TimeSpan.FromMinutes(5), tags: ["prices"]));
        Assert.Equal(1, await one.GetOrSetAsync("b", 1, TimeSpan.FromMinutes(5), tags: ["names"]));
        await one.RemoveByTagAsync("prices");
        using var two = Fusion();
        Assert.Equal(2, await two.GetOrSetAsync("a", 2, TimeSpan.FromMinutes(5), tags: ["prices"]));
        Assert.Equal(1, await two.GetOrSetAsync("b", 2, TimeSpan.FromMinutes(5), tags: ["names"]));

        FusionCache Fusion()
        {
            var fusion = new FusionCache(new FusionCacheOptions());
            fusion.SetupDistributedCache(provider.GetRequiredService<IDistributedCache>(), new Json());
            return fusion;
        }
    }

    [Fact]
    public async Task Under_FusionCache_another_process_finds_what_one_has_loaded()
    {
        var loads = 0;
        for (var process = 0; process < 2; process++)
        {
            await using var provider = Services().BuildServiceProvider();
            using var fusion = new FusionCache(new FusionCacheOptions());
            fusion.SetupDistributedCache(provider.GetRequiredService<IDistributedCache>(), new Json());
            for (var i = 0; i < 2; i++)
                Assert.Equal(new Report(1, "x"), await fusion.GetOrSetAsync("report", _ => Task.FromResult(new Report(++loads, "x")), TimeSpan.FromMinutes(5)));
            Assert.Equal(1, loads);
        }
    }

    [Fact]
    public void The_store_can_be_had_without_being_the_distributed_cache_of_the_application()
    {
        using var provider = new ServiceCollection().AddMemoizeSqlite(options => options.File = _file.Path).BuildServiceProvider();
        Assert.Null(provider.GetService<IDistributedCache>());
        Assert.Equal(_file.Path, provider.GetRequiredService<SqliteCache>().File);
        using var both = Services().BuildServiceProvider();
        Assert.Same(both.GetRequiredService<SqliteCache>(), both.GetRequiredService<IDistributedCache>());
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SqliteCache(new() { MaxBytes = 1_000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SqliteCache(new() { BusyTimeout = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SqliteCache(new() { RetryAfter = -1 }));
        Assert.Throws<ArgumentException>(() => new SqliteCache(new() { File = " " }));
        Assert.Throws<ArgumentNullException>(() => new SqliteCache(new() { Clock = null! }));
    }

    [Fact]
    public void The_file_of_who_names_none_is_the_users_and_the_programs_own()
    {
        using var cache = new SqliteCache();
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(Path.Combine(data, "memoize"))}.Memoize\\.Sqlite\\.Tests-[0-9a-f]{{16}}.cache\\.db$", cache.File);
        Assert.False(File.Exists(cache.File));
    }

    private IServiceCollection Services() => new ServiceCollection().AddSqliteCache(options => options.File = _file.Path);

    private sealed class Json : IFusionCacheSerializer
    {
        public byte[] Serialize<T>(T? obj) => JsonSerializer.SerializeToUtf8Bytes(obj);

        public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize<T>(data);

        public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

        public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => new(Deserialize<T>(data));
    }
}
