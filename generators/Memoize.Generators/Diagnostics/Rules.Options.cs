using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// The options of the attribute.
internal static partial class Rules
{
    /// <summary>An option outside its range or against another one.</summary>
    public static readonly DiagnosticDescriptor Option = Error(
        "MEMO0301", "This option has no meaning", "{0} of '{1}' has no meaning: {2}");

    /// <summary>An option that is possible and surely not meant.</summary>
    public static readonly DiagnosticDescriptor UnlikelyOption = Warning(
        "MEMO0302", "This option is probably not meant", "{0} of '{1}' is probably not meant: {2}");

    /// <summary>Two methods of one name.</summary>
    public static readonly DiagnosticDescriptor DuplicateName = Error(
        "MEMO0303",
        "Two cached methods have the same name",
        "The cache of '{0}' is named \"{1}\", and so is that of '{2}': names tell caches apart where they are listed, configured or shared, so give each its own");

    /// <summary>A method that an option names and that is not there, or does not fit.</summary>
    public static readonly DiagnosticDescriptor RuleMethod = Error(
        "MEMO0304", "The method that this option names does not fit", "{0} of '{1}' names a method that does not fit: {2}");
}
