using Library;

for (var i = 0; i < 3; i++)
{
    _ = Weather.Report("Ulm");
    _ = Weather.Warning("Ulm");
}
Console.WriteLine($"loads={Weather.Loads}");
Console.WriteLine($"partial loads={Weather.PartialLoads}");
