using Memoize;

for (var i = 0; i < 3; i++)
{
    _ = Counted.Plain(1);
    _ = Counted.Partial(1);
}
Console.WriteLine($"plain loads={Counted.PlainLoads}");
Console.WriteLine($"partial loads={Counted.PartialLoads}");

static partial class Counted
{
    [NotInKey] public static int PlainLoads;
    [NotInKey] public static int PartialLoads;

    [Cached]
    public static int Plain(int x)
    {
        PlainLoads++;
        return x;
    }

    [Cached]
    public static partial int Partial(int x);

    private static int PartialCore(int x)
    {
        PartialLoads++;
        return x;
    }
}
