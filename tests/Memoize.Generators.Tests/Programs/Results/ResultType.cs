namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>A type that a result, or a part of one, may have.</summary>
/// <param name="Text">As a program says it.</param>
/// <param name="Value">
/// An expression that makes a value: the same one for the same path, whatever else the program holds, so that two versions of a program
/// return the same where they are the same. A tame value is one of those that everybody thinks of.
/// </param>
sealed record ResultType(string Text, Func<string, bool, string> Value)
{
    /// <summary>Whether a dictionary may have it as its key.</summary>
    public bool IsKey { get; init; }

    public bool IsValueType { get; init; }

    /// <summary>A type with these values, of which so many at the beginning are tame.</summary>
    public static ResultType Leaf(string text, int tame, params string[] values) =>
        new(text, (path, isTame) => values[Chance.At(path).Next(isTame ? tame : values.Length)]);
}

/// <summary>Random numbers that depend on where they are asked for, and on nothing else.</summary>
static class Chance
{
    public static Random At(string path)
    {
        var hash = 2166136261u;
        foreach (var character in path)
            hash = (hash ^ character) * 16777619;
        return new((int)(hash & int.MaxValue));
    }

    public static T Any<T>(this Random random, params T[] all) => all[random.Next(all.Length)];
}
