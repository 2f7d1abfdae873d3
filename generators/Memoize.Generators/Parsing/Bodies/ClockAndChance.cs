using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Reads of what is different at every call: clocks, random values, the environment of the process.</summary>
internal static class ClockAndChance
{
    private const string TimeAdvice = "take the time as a parameter, rounded as far as the result allows";
    private const string ChanceAdvice = "take the value as a parameter, or draw it outside the cached method";
    private const string EnvironmentAdvice = "take the value as a parameter";

    // Properties and methods by type; the words say what they are.
    private static readonly Dictionary<string, (string What, string Advice)> Known = new(StringComparer.Ordinal)
    {
        ["System.DateTime.Now"] = ("the clock", TimeAdvice),
        ["System.DateTime.UtcNow"] = ("the clock", TimeAdvice),
        ["System.DateTime.Today"] = ("the clock", TimeAdvice),
        ["System.DateTimeOffset.Now"] = ("the clock", TimeAdvice),
        ["System.DateTimeOffset.UtcNow"] = ("the clock", TimeAdvice),
        ["System.TimeProvider.GetUtcNow"] = ("the clock", TimeAdvice),
        ["System.TimeProvider.GetLocalNow"] = ("the clock", TimeAdvice),
        ["System.TimeProvider.GetTimestamp"] = ("the clock", TimeAdvice),
        ["System.Diagnostics.Stopwatch.GetTimestamp"] = ("the clock", TimeAdvice),
        ["System.Diagnostics.Stopwatch.StartNew"] = ("the clock", TimeAdvice),
        ["System.Environment.TickCount"] = ("the clock", TimeAdvice),
        ["System.Environment.TickCount64"] = ("the clock", TimeAdvice),
        ["NodaTime.IClock.GetCurrentInstant"] = ("the clock", TimeAdvice),
        ["NodaTime.SystemClock.GetCurrentInstant"] = ("the clock", TimeAdvice),
        ["System.Guid.NewGuid"] = ("a new random value", ChanceAdvice),
        ["System.Guid.CreateVersion7"] = ("a new random value", ChanceAdvice),
        ["System.Random.Shared"] = ("random values", ChanceAdvice),
        ["System.IO.Path.GetRandomFileName"] = ("a new random value", ChanceAdvice),
        ["System.IO.Path.GetTempFileName"] = ("a new random value", ChanceAdvice),
        ["System.Linq.Enumerable.Shuffle"] = ("random values", ChanceAdvice),
        ["System.Environment.CurrentDirectory"] = ("the current directory", EnvironmentAdvice),
        ["System.IO.Directory.GetCurrentDirectory"] = ("the current directory", EnvironmentAdvice),
        ["System.Environment.WorkingSet"] = ("the state of the process", EnvironmentAdvice),
        ["System.Environment.StackTrace"] = ("the caller's stack", EnvironmentAdvice),
        ["System.Threading.Thread.ManagedThreadId"] = ("the thread that happens to run it", EnvironmentAdvice),
        ["System.Diagnostics.Process.GetCurrentProcess"] = ("the state of the process", EnvironmentAdvice),
        ["System.GC.GetTotalMemory"] = ("the state of the process", EnvironmentAdvice),
        ["System.Console.ReadLine"] = ("what somebody types", EnvironmentAdvice),
        ["System.Console.ReadKey"] = ("what somebody types", EnvironmentAdvice),
        ["System.Console.Read"] = ("what somebody types", EnvironmentAdvice),
        ["System.Environment.CurrentManagedThreadId"] = ("the thread that happens to run it", EnvironmentAdvice),
    };

    public static IEnumerable<Finding> In(Body body)
    {
        foreach (var part in body.Parts)
        {
            foreach (var operation in part.Operations)
            {
                if (Find(operation) is { } finding
                    && !operation.IsDecided()
                    && !(part.Steps > 0 && LazyInit.IsOnce(operation))
                    && (FillsBuffer(operation) || !Use.IsOnlyObserved(operation, body, IsDuration(operation))))
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    /// <summary>Whether the operation reads a clock.</summary>
    public static bool IsClock(IOperation operation) => Find(operation) is { Advice: TimeAdvice };

    private static Finding? Find(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: var property } when operation.IsRead() => Named(operation, property) ?? OwnClock(operation, property),
        IInvocationOperation { TargetMethod: var method } call => Named(operation, method) ?? Drawn(call),
        IMethodReferenceOperation { Method: var method } => Named(operation, method),
        IObjectCreationOperation { Constructor: { Parameters.Length: 0 } constructor } when Observers.IsMeasure(constructor.ContainingType) =>
            new Finding(operation, constructor.ContainingType, "the clock ('Stopwatch')") { Advice = TimeAdvice },
        IObjectCreationOperation { Constructor: { Parameters.Length: 0 } constructor } when IsRandom(constructor.ContainingType) =>
            new Finding(operation, constructor.ContainingType, $"random values ('new {constructor.ContainingType.Name}()')") { Advice = ChanceAdvice },
        _ => null,
    };

    private static Finding? Named(IOperation operation, ISymbol member)
    {
        if (member is IMethodSymbol { ReducedFrom: { } extension })
        {
            member = extension;
        }

        // A clock of the test project overrides what the framework declares.
        for (var type = member.ContainingType; type is not null; type = type.BaseType)
        {
            if (Known.TryGetValue(KnownTypes.MetadataName(type) + "." + member.Name, out var known))
            {
                return new Finding(operation, member.OriginalDefinition, $"{known.What} ('{type.Name}.{member.Name}')")
                {
                    Advice = known.Advice,
                    Fix = member is IPropertySymbol { IsStatic: true, Type.Name: nameof(DateTime) or nameof(DateTimeOffset) } ? FixProperties.Clock : null,
                };
            }

            if (member.IsStatic)
            {
                break;
            }
        }

        return null;
    }

    // IClock.UtcNow, IDateTime.Now: every second program has such an interface.
    private static Finding? OwnClock(IOperation operation, IPropertySymbol property) =>
        property is { Name: "Now" or "UtcNow" or "Today", IsIndexer: false, ContainingType.TypeKind: TypeKind.Interface }
        && KnownTypes.MetadataName(property.Type) is "System.DateTime" or "System.DateTimeOffset" or "System.DateOnly" or "NodaTime.Instant"
            ? new Finding(operation, property.OriginalDefinition, $"the clock ({Finding.Quote(property)})") { Advice = TimeAdvice }
            : null;

    // A generator that outlives the call gives something else each time; what was made with a seed in here does not.
    private static Finding? Drawn(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (KnownTypes.MetadataName(method.ContainingType) == "System.Security.Cryptography.RandomNumberGenerator" && method.Name != nameof(IDisposable.Dispose))
        {
            // Made here, the making is what is reported.
            return method.IsStatic || call.InstanceOf() is IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation
                ? new Finding(call, method.ContainingType, $"random values ({Finding.Quote(method)})") { Advice = ChanceAdvice }
                : null;
        }

        return call.Instance?.Type is { } type && IsRandom(type)
            && call.InstanceOf() is IFieldReferenceOperation or IParameterReferenceOperation or IPropertyReferenceOperation { Property.Name: not "Shared" }
            ? new Finding(call, method.ContainingType, $"random values ({Finding.Quote(method)})") { Advice = ChanceAdvice }
            : null;
    }

    // NextBytes(buffer): what comes out is not the value of the call.
    private static bool FillsBuffer(IOperation operation) => operation is IInvocationOperation { TargetMethod.ReturnsVoid: true };

    private static bool IsRandom(ITypeSymbol type) => KnownTypes.MetadataName(type) == "System.Random" || (type.BaseType is { } parent && KnownTypes.MetadataName(parent) == "System.Random");

    private static bool IsDuration(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod.Name is "GetTimestamp" or "StartNew",
        IPropertyReferenceOperation property => property.Property.Name is "TickCount" or "TickCount64",
        IObjectCreationOperation => true,
        _ => false,
    };
}
