namespace Memoize.Generators.Diagnostics;

/// <summary>What analyzers tell code fixes through the properties of a diagnostic, so that nothing is analysed twice.</summary>
internal static class FixProperties
{
    /// <summary>The key of the one property; its value is one of the others, or the name of an option.</summary>
    public const string Fix = nameof(Fix);

    /// <summary>The parameter is a collection that can be compared element by element.</summary>
    public const string Structural = nameof(Structural);
}
