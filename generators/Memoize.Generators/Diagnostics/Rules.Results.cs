using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What is handed out again.
internal static partial class Rules
{
    /// <summary>A result that cannot be handed out twice.</summary>
    public static readonly DiagnosticDescriptor Result = Error(
        "MEMO0201", "This result cannot be remembered", "The result of '{0}' cannot be remembered: {1}");

    /// <summary>A collection that any caller can change for all others.</summary>
    public static readonly DiagnosticDescriptor SharedCollection = Warning(
        "MEMO0202",
        "Callers share a collection that each of them can change",
        "All callers of '{0}' get the same {1}, and what one of them changes, the others see: return {2} instead");

    /// <summary>An object that any caller can change for all others.</summary>
    public static readonly DiagnosticDescriptor SharedObject = Info(
        "MEMO0203",
        "Callers share an object that each of them can change",
        "All callers of '{0}' get the same {1}, and '{2}' can be set: make it read-only or init, so that no caller changes the object for the others");
}
