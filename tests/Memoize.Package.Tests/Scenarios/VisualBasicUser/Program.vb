Imports System
Imports Library

Module Program
    Sub Main()
        For i = 1 To 3
            Weather.Report("Ulm")
            Weather.Warning("Ulm")
        Next
        Console.WriteLine($"loads={Weather.Loads}")
        Console.WriteLine($"partial loads={Weather.PartialLoads}")
        WeatherCache.Warning.Evict("Ulm")
        Weather.Warning("Ulm")
        Console.WriteLine($"partial loads after an eviction={Weather.PartialLoads}")
    End Sub
End Module
