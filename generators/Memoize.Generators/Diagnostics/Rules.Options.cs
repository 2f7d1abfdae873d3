using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// The options of the attribute.
internal static partial class Rules
{
    /// <summary>An option outside its range or against another one.</summary>
    public static readonly DiagnosticDescriptor Option = Error(
        "MEMO0301", "This option has no meaning", "{0} of '{1}' has no meaning: {2}");
}
