using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What is shared with other processes.
internal static partial class Rules
{
    /// <summary>A method whose entries other processes could not find.</summary>
    public static readonly DiagnosticDescriptor Tiers = Error(
        "MEMO1101", "This method cannot be shared with other processes", "Tiers = \"{0}\" of '{1}' cannot work: {2}");

    /// <summary>A result that JSON does not give back as it was.</summary>
    public static readonly DiagnosticDescriptor TierResult = Error(
        "MEMO1102",
        "This result does not come back from a tier as it was",
        "The result of '{0}' is stored in tiers as JSON, and would come back as something else: {1}");

    /// <summary>A result that MemoryPack does not give back as it was.</summary>
    public static readonly DiagnosticDescriptor PackedResult = Warning(
        "MEMO1103",
        "This result does not come back from MemoryPack as it was",
        "The result of '{0}' is stored by MemoryPack where a tier uses that, and may come back as something else: {1}");

    /// <summary>A result that JSON cannot write in a program that is compiled ahead of time.</summary>
    public static readonly DiagnosticDescriptor NoJsonContext = Warning(
        "MEMO1104",
        "No JsonSerializerContext knows this result",
        "The result of '{0}' is stored in tiers as JSON, and this project says {1}, where JSON has no reflection: add [JsonSerializable(typeof({2}))] to a JsonSerializerContext and give its options to the tier, or nothing is stored");
}
