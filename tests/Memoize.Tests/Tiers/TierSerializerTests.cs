using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tests.Tiers;

/// <summary>What a serializer would not give back as it was is served, counted, and not stored; what one has written no other reads.</summary>
public sealed partial class TierSerializerTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    public class Animal
    {
        public int Legs { get; init; }
    }

    public sealed class Dog : Animal
    {
        public string Sound { get; init; } = "";
    }

    [JsonDerivedType(typeof(Car), "car")]
    public class Vehicle
    {
        public int Wheels { get; init; }
    }

    public sealed class Car : Vehicle
    {
        public string Plate { get; init; } = "";
    }

    public sealed record Farm(string Name, IReadOnlyList<Animal> Animals, Dictionary<string, Animal>? ByName = null);

    public sealed record Words(Dictionary<string, int> Counts, HashSet<string> Stops, List<string> All);

    [JsonSerializable(typeof(Farm))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class FarmJson : JsonSerializerContext;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <summary>Stores a value, and says whether another process is given the same by the store.</summary>
    private async Task<bool> IsStored<T>(T value, CacheTierOptions? options = null, Action<CacheTier>? configure = null)
    {
        var tier = tiers.Add(new TestStore(), out var name, options ?? new() { Timeout = 5 });
        configure?.Invoke(tier);
        var one = new TieredCache<T>(name);
        Assert.Equal(value, await one.CallAsync("a", value));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(1, tier.Statistics.Stores + tier.Statistics.NotStoredUnserializable);

        var other = one.Another();
        var again = await other.CallAsync("a", value);
        Assert.Equal(other.Runs == 0, tier.Statistics.Stores > 0 && tier.Statistics.Hits > 0);
        if (other.Runs == 0)
            Assert.Equal(JsonSerializer.Serialize(value), JsonSerializer.Serialize(again));
        return other.Runs == 0;
    }

    [Fact]
    public async Task An_object_of_a_derived_type_anywhere_in_a_result_is_not_stored()
    {
        Assert.True(await IsStored(new Farm("f", [new Animal { Legs = 4 }])));
        Assert.False(await IsStored(new Farm("f", [new Animal(), new Dog { Legs = 4, Sound = "wow" }])));
        Assert.False(await IsStored(new Farm("f", [], new() { ["d"] = new Dog() })));
        Assert.False(await IsStored<Animal>(new Dog()));
        Assert.True(await IsStored<IReadOnlyList<Vehicle>>([new Vehicle { Wheels = 2 }]));
        Assert.True(await IsStored<Vehicle>(new Car { Wheels = 4, Plate = "p" }));
    }

    [Fact]
    public async Task A_collection_that_compares_strings_otherwise_is_not_stored()
    {
        Assert.True(await IsStored(new Words(new() { ["a"] = 1, ["A"] = 2 }, ["b", "B"], ["c"])));
        Assert.False(await IsStored(new Words(new(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, ["b"], ["c"])));
        Assert.False(await IsStored(new Words(new() { ["a"] = 1 }, new(StringComparer.InvariantCultureIgnoreCase) { "b" }, ["c"])));
        Assert.False(await IsStored<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Key"] = "v" }));
        Assert.True(await IsStored<IReadOnlyDictionary<string, string>>(new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Key"] = "v" }));
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("\U0001F600 é ı", true)]
    [InlineData("half \ud83d", false)]
    [InlineData("\ude00 half", false)]
    [InlineData("U+FFFD \ufffd, which cannot be told from a half", false)]
    public async Task Half_of_a_surrogate_pair_is_never_stored_as_something_else(string text, bool isStored)
    {
        Assert.Equal(isStored, await IsStored(new Farm(text, [])));
        Assert.Equal(isStored, await IsStored(new Farm("f", [], new() { [text] = new Animal() })));
        Assert.Equal(isStored, await IsStored<IReadOnlyList<string>>([text], new() { Timeout = 5, Json = new(JsonSerializerOptions.Default) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping } }));

        // Text alone is stored as it is, whatever it is.
        var tier = tiers.Add(new TestStore(), out var name);
        await new TieredCache<string>(name).CallAsync("a", text);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(text, await new TieredCache<string>(name).CallAsync("a", "no"));
        Assert.Equal(1, tier.Statistics.Hits);
    }

    [Fact]
    public async Task A_context_of_the_user_writes_and_reads_and_refuses_the_same()
    {
        CacheTierOptions options = new() { Timeout = 5, Json = FarmJson.Default.Options };
        Assert.True(await IsStored(new Farm("f", [new Animal { Legs = 4 }]), options));
        Assert.False(await IsStored(new Farm("f", [new Dog()]), options));
        Assert.False(await IsStored(new Words([], [], []), options));      // not in the context
    }

    [Fact]
    public async Task What_was_written_in_another_way_is_a_miss_and_not_a_half_empty_object()
    {
        var store = new TestStore();
        async Task<int> RunsWith(CacheTierOptions options, Action<CacheTier>? configure = null)
        {
            using var own = new TestTiers();
            var tier = own.Add(store, out var name, options);
            configure?.Invoke(tier);
            var one = new TieredCache<Farm>(name);
            Assert.Equal("f", (await one.CallAsync("a", new Farm("f", []))).Name);
            await Memo.FlushTiersAsync(Ends);
            return one.Runs;
        }

        CacheTierOptions usual = new() { Timeout = 5 }, camel = new() { Timeout = 5, Json = FarmJson.Default.Options };
        Assert.Equal(1, await RunsWith(usual));
        Assert.Equal(0, await RunsWith(usual));
        Assert.Equal(1, await RunsWith(camel));
        Assert.Equal(0, await RunsWith(camel));
        Assert.Equal(1, await RunsWith(usual, static tier => tier.Use(new OfFarm())));
        Assert.Equal(0, await RunsWith(usual, static tier => tier.Use(new Factory())));
        Assert.Equal(1, await RunsWith(usual));
    }

    [Fact]
    public async Task A_serializer_that_cannot_be_made_serves_nobody_and_stops_nobody()
    {
        var tier = tiers.Add(new TestStore(), out var name);
        tier.Use(new Broken());
        var one = new TieredCache<Farm>(name);
        Assert.Equal("f", (await one.CallAsync("a", new Farm("f", []))).Name);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("f", (await one.Another().CallAsync("a", new Farm("f", []))).Name);
        Assert.Equal(0, tier.Statistics.Stores);
    }

    private sealed class OfFarm : IHybridCacheSerializer<Farm>
    {
        public Farm Deserialize(ReadOnlySequence<byte> source) => new(System.Text.Encoding.UTF8.GetString(source.ToArray()), []);

        public void Serialize(Farm value, IBufferWriter<byte> target) => target.Write(System.Text.Encoding.UTF8.GetBytes(value.Name));
    }

    private sealed class Factory : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
        {
            serializer = new OfFarm() as IHybridCacheSerializer<T>;
            return serializer is not null;
        }
    }

    private sealed class Broken : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer) => throw new InvalidOperationException("no");
    }
}
