using Memoize;
using MemoryPack;

namespace Shop;

[MemoryPackable]
public sealed partial record Line(string Article, decimal Price, IReadOnlyList<int> Sizes, Dictionary<string, DateTime?> Dates);

[MemoryPackable]
public sealed partial record Shape(int Id);

public sealed record Unknown(string Text);

#pragma warning disable MEMO1103 // What is lost here is what the tests are about.

[MemoryPackable]
public partial class Animal
{
    public int Legs { get; set; }
}

[MemoryPackable]
public sealed partial class Dog : Animal
{
    public string Sound { get; set; } = "";
}

[MemoryPackable]
[MemoryPackUnion(0, typeof(Car))]
public abstract partial class Vehicle
{
    public int Wheels { get; set; }
}

[MemoryPackable]
public sealed partial class Car : Vehicle
{
    public string Plate { get; set; } = "";
}

[MemoryPackable]
public sealed partial class Farm
{
    public List<Animal> Animals { get; set; } = [];

    public Dictionary<string, int> Counts { get; set; } = [];

    [MemoryPackIgnore]
    public string Secret { get; set; } = "";
}

public static class Zoo
{
    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.animal")]
    public static Animal Pet(string kind) => kind == "dog" ? new Dog { Legs = 4, Sound = "wow" } : new Animal { Legs = 4 };

    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.farm")]
    public static Farm Farm(string kind, int number) => kind switch
    {
        "plain" => new() { Animals = [new() { Legs = number }], Counts = new() { ["a"] = 1 } },
        "derived" => new() { Animals = [new Dog { Legs = number }] },
        "secret" => new() { Secret = "s" },
        _ => new() { Counts = new(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 } },
    };

#pragma warning disable MEMO1102 // JSON is not asked.
    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.vehicle")]
    public static Vehicle Drive(string plate) => new Car { Wheels = 4, Plate = plate };
#pragma warning restore MEMO1102
}

#pragma warning restore MEMO1103

public static class Bills
{
    private static int runs;

    public static int Runs => runs;

    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.line")]
    public static Line Of(string article)
    {
        Interlocked.Increment(ref runs);
        return new(article, 1.50m, [1, 2], new() { ["a"] = null, ["b"] = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) });
    }

    [Cached(Ttl = 300, Tiers = "packed", Name = "packed.unknown")]
    public static Unknown Text(string text)
    {
        Interlocked.Increment(ref runs);
        return new(text);
    }
}
