using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Emission;

/// <summary>What a user meets in the debugger. Few on purpose: that it works is tested by running it.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void A_service_with_a_plain_method() => Match(
        """
        namespace Shop;

        public sealed record Template(string Text);

        public sealed class TemplateStore
        {
            [Cached(Ttl = 300, MaxSize = 1000)]
            public Template? Resolve(string id) => id.Length == 0 ? null : new Template(id);
        }

        public static class Pages
        {
            public static string? Home(TemplateStore store) => store.Resolve("home")?.Text ?? store?.Resolve(id: "fallback")?.Text;
        }
        """);

    [Fact]
    public void An_asynchronous_partial_method() => Match(
        """
        namespace Shop;

        public sealed partial class Users
        {
            [Cached(Ttl = 300, Sliding = 60, Eviction = Eviction.Lfu)]
            public partial Task<string?> GetUserAsync(int id, CancellationToken ct = default);

            private async Task<string?> GetUserAsyncCore(int id, CancellationToken ct)
            {
                await Task.Delay(1, ct);
                return id == 0 ? null : $"user {id}";
            }
        }
        """);

    [Fact]
    public void A_method_with_tiers_and_rules() => Match(
        """
        namespace Shop;

        public sealed record Report(string Title, int Pages);

        public sealed class Reports
        {
            [Cached(Ttl = 300, Tiers = "disk,shared", Unless = nameof(IsDraft), Tags = new[] { "shop:{shop}" })]
            public async Task<Report> MakeAsync(string shop, int year)
            {
                await Task.Yield();
                return new Report(shop, year);
            }

            internal static bool IsDraft(Report report) => report.Pages == 0;
        }
        """);

    [Fact]
    public void A_decorator_of_an_interface() => Match(
        """
        namespace Shop;

        public sealed record Forecast(string City, int Degrees);

        public interface IWeatherApi : IDisposable
        {
            string Vendor { get; }

            [Cached(Ttl = 60, MaxSize = 1000)]
            Task<Forecast> GetForecastAsync(string city, CancellationToken ct = default);

            bool TryReport(string city, out int degrees);
        }
        """);

    [Fact]
    public void A_decorator_of_an_interface_that_evicts() => Match(
        """
        namespace Shop;

        public sealed record Forecast(string City, int Degrees);

        public interface IWeatherApi
        {
            [Cached(Ttl = 60, MaxSize = 1000)]
            Task<Forecast> GetForecastAsync(string city, CancellationToken ct = default);

            [Updates(nameof(GetForecastAsync))]
            Task<Forecast> ReportAsync(string city, int degrees, CancellationToken ct = default);

            [Evicts(nameof(GetForecastAsync), All = true)]
            void Forget();
        }
        """);

    [Fact]
    public void Methods_that_evict_and_update() => Match(
        """
        namespace Shop;

        public sealed record User(int Id, string Name);

        public interface IDatabase
        {
            Task<User?> FindAsync(int id, CancellationToken ct);

            Task<User> SaveAsync(User user, CancellationToken ct);

            void Remove(int id);
        }

        public sealed partial class UserService(IDatabase database)
        {
            [Cached(Ttl = 300, Tags = new[] { "user:{id}" })]
            public Task<User?> GetUserAsync(int id, CancellationToken ct = default) => database.FindAsync(id, ct);

            [Updates(nameof(GetUserAsync), Map = new[] { "id = user.Id" })]
            public Task<User> SaveAsync(User user, CancellationToken ct = default) => database.SaveAsync(user, ct);

            [Evicts(nameof(GetUserAsync)), EvictsTag("user:{id}")]
            public partial void Remove(int id);

            private void RemoveCore(int id) => database.Remove(id);
        }

        public static class Admin
        {
            public static async Task Rename(UserService users, User user, string name)
            {
                await users.SaveAsync(user with { Name = name });
                users.Remove(user.Id);
            }
        }
        """);

    [Fact]
    public void A_batch_of_an_asynchronous_method() => Match(
        """
        namespace Shop;

        public sealed record User(int Id, string Name);

        public interface IDatabase
        {
            Task<User?> FindAsync(string tenant, int id, CancellationToken cancellationToken);

            Task<IReadOnlyDictionary<int, User>> FindAllAsync(string tenant, IEnumerable<int> ids, CancellationToken cancellationToken);
        }

        public sealed class UserService(IDatabase database)
        {
            [Cached(Ttl = 300)]
            public Task<User?> GetUserAsync(string tenant, int id, CancellationToken cancellationToken = default)
                => database.FindAsync(tenant, id, cancellationToken);

            [CachedBatch(nameof(GetUserAsync))]
            public Task<IReadOnlyDictionary<int, User>> GetUsersAsync(string tenant, IReadOnlyCollection<int> ids, CancellationToken cancellationToken = default)
                => database.FindAllAsync(tenant, ids, cancellationToken);
        }
        """);

    [Fact]
    public void A_key_of_every_kind_of_field() => Match(
        """
        namespace Shop;

        public sealed class Order { public int Id { get; init; } public string? Region { get; init; } }

        public class Prices
        {
            [CacheKey] private readonly double _factor = 1;

            [Cached]
            public virtual decimal Of<T>(
                T item,
                [CacheKey("Id", "Region")] Order order,
                [CacheKey(IgnoreCase = true)] string? currency,
                [CacheKey(Structural = true)] IReadOnlyList<int> amounts,
                (DateTime Day, float Rate) when,
                ReadOnlySpan<char> note,
                [NotInKey] object tag,
                CancellationToken ct = default)
                where T : struct, IEquatable<T>
                => (decimal)_factor;
        }

        public static class Checkout
        {
            public static decimal Total(Prices prices, Order order) => prices.Of(1, order, "eur", new[] { 1 }, (default, 1f), "note", new object());
        }
        """);

    [Fact]
    public void A_private_method_with_a_cache_per_instance() => Match(
        """
        public sealed class Session(string user)
        {
            [Cached(PerInstance = true)]
            private ValueTask<string> Greet(int times) => new(user + times);

            public ValueTask<string> Go() => Greet(times: 2);
        }
        """);

    [Theory]
    [InlineData("a snapshot that is not generated any more", "One.verified.cs", "same", "Old.verified.cs")]
    [InlineData("a file without a snapshot", "New.verified.cs", "same", "One.verified.cs")]
    [InlineData("another text", "One.verified.cs", "other", "One.verified.cs")]
    public void A_snapshot_fails_for(string why, string generated, string text, string stored)
    {
        var directory = Directory.CreateTempSubdirectory("memoize-snapshot-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, stored), "same");
            if (stored != generated && stored == "Old.verified.cs")
                File.WriteAllText(Path.Combine(directory, generated), text);
            var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Snapshot.Match(new Dictionary<string, string> { [generated] = text }, directory));
            Assert.Contains("MEMOIZE_UPDATE_SNAPSHOTS", failure.Message + why, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static void Match(string code, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var run = GeneratorRun.Of(new Setup(), [("Shop.cs", code)]);
        run.Emit();
        Snapshot.Match(run, test);
    }
}
