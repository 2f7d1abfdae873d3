using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What belongs to the caller and is part of the key.
internal static partial class Rules
{
    /// <summary>A method names a value that nobody declares.</summary>
    public static readonly DiagnosticDescriptor VaryBy = Error(
        "MEMO0110", "VaryBy names no declared value", "VaryBy = \"{0}\" of '{1}' does not fit: {2}");

    /// <summary>A declaration without a member that can be read.</summary>
    public static readonly DiagnosticDescriptor AmbientSource = Error(
        "MEMO0111", "This declaration of CacheVaryBy does not fit", "[assembly: CacheVaryBy(\"{0}\", …)] does not fit: {1}");

    /// <summary>A declared value is read and is in no key.</summary>
    public static readonly DiagnosticDescriptor AmbientRead = Error(
        "MEMO0112",
        "The method reads an ambient value and does not vary by it",
        "'{0}' reads {1}, which is declared as '{2}', so one caller may get what was remembered for another: set VaryBy = \"{3}\" to make it part of the key, or name it there with a minus if it cannot change the result");
}
