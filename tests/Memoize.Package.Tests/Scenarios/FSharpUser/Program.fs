open System
open Library

for _ in 1 .. 3 do
    Weather.Report "Ulm" |> ignore
    Weather.Warning "Ulm" |> ignore
Console.WriteLine $"loads={Weather.Loads}"
Console.WriteLine $"partial loads={Weather.PartialLoads}"
WeatherCache.Warning.Evict "Ulm" |> ignore
Weather.Warning "Ulm" |> ignore
Console.WriteLine $"partial loads after an eviction={Weather.PartialLoads}"
