using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Memoize.Tests.Tiers;

/// <summary>What JSON loses of only some values of a type: the first ones come back as they were, a later one does not, and is not stored.</summary>
public sealed class TierRareLossTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    [JsonDerivedType(typeof(Known), "known"), JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
    public class Lenient
    {
        public int A { get; init; }
    }

    public class Known : Lenient;

    public sealed class Unknown : Known
    {
        public int B { get; init; }
    }

    [JsonDerivedType(typeof(Silent))]
    public class Untold
    {
        public int A { get; init; }
    }

    public sealed class Silent : Untold
    {
        public int B { get; init; }
    }

    public sealed record Day([property: JsonConverter(typeof(DayOnly))] DateTime At);

    public sealed class DayOnly : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.Date);
    }

    public sealed class Settings
    {
        public string? Name { get; init; } = "none";
    }

    public sealed class Ring
    {
        public int A { get; init; }

        public Ring? Next { get; set; }
    }

    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public Task A_derived_type_that_is_written_as_its_base() => IsLost(new Lenient { A = 1 }, new Unknown { B = 1 });

    [Fact]
    public Task A_derived_type_that_nothing_tells_from_its_base() => IsLost(new Untold { A = 1 }, new Silent { B = 1 });

    [Fact]
    public Task What_a_converter_of_the_program_leaves_out() => IsLost(new Day(Noon.Date), new Day(Noon));

    [Fact]
    public Task An_order_of_its_own() => IsLost(ImmutableSortedSet.Create(1, 2), ImmutableSortedSet.Create(Comparer<int>.Create(static (a, b) => b.CompareTo(a)), 1, 2));

    [Fact]
    public Task Nothing_where_there_is_something_by_default()
        => IsLost(new Settings { Name = "a" }, new Settings { Name = null }, new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    [Fact]
    public Task Keys_that_a_policy_changes()
        => IsLost(new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["A"] = 1 }, new() { DictionaryKeyPolicy = JsonNamingPolicy.CamelCase });

    [Fact]
    public Task A_circle_that_is_cut()
    {
        Ring ring = new() { A = 2 };
        ring.Next = ring;
        return IsLost(new Ring { A = 1 }, ring, new() { ReferenceHandler = ReferenceHandler.IgnoreCycles });
    }

    [Fact]
    public Task What_a_modified_contract_leaves_out() => IsLost(new Settings { Name = "a" }, new Settings { Name = "secret" }, new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(static type =>
        {
            foreach (var member in type.Properties)
                member.ShouldSerialize = static (_, value) => value is not "secret";
        }),
    });

    [Fact]
    public async Task Options_that_nobody_gave_a_resolver_write_as_JsonSerializer_does()
    {
        var tier = tiers.Add(new TestStore(), out var name, new() { Timeout = 5, Json = new(JsonSerializerDefaults.Web) });
        var one = new TieredCache<Settings>(name);
        await one.CallAsync("a", new Settings { Name = "a" });
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal("a", (await one.Another().CallAsync("a", new Settings())).Name);
        Assert.Equal(1, tier.Statistics.Hits);
    }

    private async Task IsLost<T>(T usual, T rare, JsonSerializerOptions? json = null)
    {
        var tier = tiers.Add(new TestStore(), out var name, new() { Timeout = 5, Json = json });
        var one = new TieredCache<T>(name);
        for (var i = 0; i < 4; i++)
        {
            await one.CallAsync($"{i}", usual);
            await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        }

        await one.CallAsync("rare", rare);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((4, 1), (tier.Statistics.Stores, tier.Statistics.NotStoredUnserializable));

        var other = one.Another();
        await other.CallAsync("0", usual);
        Assert.Equal(0, other.Runs);
        await other.CallAsync("rare", rare);
        Assert.Equal(1, other.Runs);
    }
}
