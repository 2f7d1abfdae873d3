namespace Memoize.CodeFixes.Frame;

/// <summary>One way to mend a diagnostic, as the light bulb lists it.</summary>
/// <param name="Title">What happens, in the user's words.</param>
/// <param name="Key">The same for all repairs that are one choice where all diagnostics are fixed at once.</param>
/// <param name="Edits">Everything that changes, in whatever documents.</param>
internal sealed record Repair(string Title, string Key, IReadOnlyList<Edit> Edits)
{
    public static Repair Of(string title, string key, params IEnumerable<Edit> edits) => new(title, key, edits.ToList());
}
