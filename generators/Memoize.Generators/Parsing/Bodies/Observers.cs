using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Those who only look on: loggers, traces, metrics. What goes to them and nowhere else does not change a result.</summary>
internal static class Observers
{
    private static readonly string[] Namespaces =
    [
        "Microsoft.Extensions.Logging", "System.Diagnostics", "Serilog", "NLog", "log4net", "OpenTelemetry", "Prometheus", "App.Metrics",
        "Microsoft.ApplicationInsights", "Datadog", "StatsdClient", "Sentry", "Elastic.Apm", "StackExchange.Profiling",
    ];

    // How programs name their own.
    private static readonly string[] Endings =
    [
        "Logger", "Log", "Logs", "Metrics", "Metric", "Telemetry", "Tracer", "Tracing", "Meter", "Instrumentation", "Profiler", "LoggerExtensions", "LogMessages",
        "Diagnostics", "Counter", "Histogram",
    ];

    // Pauses: how long they are changes when the result is there, not what it is.
    private static readonly HashSet<string> Pauses = new(StringComparer.Ordinal) { "Delay", "Sleep", "SpinWait", "CancelAfter", "WaitAsync" };

    public static bool IsObserver(IMethodSymbol method)
    {
        var definition = method.ReducedFrom ?? method.OriginalDefinition;
        if (definition.ContainingType is not { } type)
        {
            return false;
        }

        return IsObserver(type)
            || (definition.ReturnsVoid && definition.Parameters.Any(parameter => IsLogger(parameter.Type)))
            || definition.GetAttributes().Any(a => a.AttributeClass?.Name == "LoggerMessageAttribute")
            || (Pauses.Contains(definition.Name) && IsIn(type, "System.Threading"));
    }

    public static bool IsObserver(ITypeSymbol type)
    {
        if (KnownTypes.MetadataName(type) is "System.Console" || type is { Name: "TextWriter", ContainingNamespace.Name: "IO" })
        {
            return true;
        }

        if (Namespaces.Any(ns => IsIn(type, ns)))
        {
            return !IsMeasure(type) && type.Name is not ("Process" or "ProcessStartInfo" or "FileVersionInfo");
        }

        return Endings.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal)) || type.AllInterfaces.Any(IsLogger) || IsEventSource(type);
    }

    /// <summary>Types that calculate with times and other values: what comes out of them is made of what went in.</summary>
    public static bool IsCalculation(ITypeSymbol type) => type.SpecialType is not (SpecialType.None or SpecialType.System_Object)
        || IsMeasure(type)
        || KnownTypes.IsKeyableByValue(type)
        || KnownTypes.MetadataName(type) is "System.Math" or "System.Convert" or "System.TimeProvider" or "System.BitConverter" or "System.TimeZoneInfo"
            or "System.Globalization.CultureInfo" or "System.Collections.Generic.KeyValuePair`2" or "System.Collections.Generic.KeyValuePair";

    public static bool IsMeasure(ITypeSymbol type) => KnownTypes.MetadataName(type) == "System.Diagnostics.Stopwatch";

    public static bool IsLogger(ITypeSymbol type) => type.Name is "ILogger" or "ILog";

    private static bool IsEventSource(ITypeSymbol type) => type.BaseType is { Name: "EventSource" };

    private static bool IsIn(ITypeSymbol type, string ns)
    {
        var own = type.ContainingNamespace?.ToDisplayString() ?? "";
        return own == ns || own.StartsWith(ns + ".", StringComparison.Ordinal);
    }
}
