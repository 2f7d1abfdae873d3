using Library;
using Memoize;

Weather.AskFromHere("Ulm");
Console.WriteLine($"loads from the library={Weather.Loads}");
for (var i = 0; i < 3; i++)
{
    _ = Weather.Report("Ulm");
    _ = Weather.Warning("Ulm");
    _ = Own.Square(12);
}
Console.WriteLine($"loads from both={Weather.Loads}");
Console.WriteLine($"partial loads from both={Weather.PartialLoads}");
Console.WriteLine($"own loads={Own.Loads}");

static class Own
{
    [NotInKey] public static int Loads;

    [Cached]
    public static int Square(int x)
    {
        Loads++;
        return x * x;
    }
}
