using Memoize;

namespace Library;

public static partial class Weather
{
    [NotInKey] private static int s_loads;
    [NotInKey] private static int s_partialLoads;

    public static int Loads => s_loads;

    public static int PartialLoads => s_partialLoads;

    [Cached(Ttl = 300)]
    public static string Report(string town)
    {
        s_loads++;
        return $"{town}: fine";
    }

    [Cached(Ttl = 300)]
    public static partial string Warning(string town);

    private static string WarningCore(string town)
    {
        s_partialLoads++;
        return $"{town}: none";
    }

    public static void AskFromHere(string town)
    {
        for (var i = 0; i < 3; i++)
        {
            Report(town);
            Warning(town);
        }
    }
}
