using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Memoize.Keys;

namespace Memoize.Tags;

/// <summary>
/// What entries have in common, and can be evicted by: the text of a tag, or the value of a part of the key. For generated code;
/// immutable.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct EntryTag : IEquatable<EntryTag>
{
    // A string, or a Part<T>; null only for default.
    private readonly object? label;

    private EntryTag(object label) => this.label = label;

    /// <summary>A tag by its text.</summary>
    /// <param name="text">The whole text; it is compared character by character.</param>
    /// <returns>The tag.</returns>
    /// <exception cref="ArgumentException"><paramref name="text"/> is empty or null.</exception>
    public static EntryTag Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new(text);
    }

    /// <summary>A tag by its text, with values in it.</summary>
    /// <param name="text">An interpolated string; how values are written says <see cref="TagText"/>.</param>
    /// <returns>The tag.</returns>
    public static EntryTag Of(ref TagText text) => Of(text.ToStringAndClear());

    /// <summary>The value of a part of the key.</summary>
    /// <typeparam name="T">The type of the part; values are compared as they are in keys.</typeparam>
    /// <param name="part">Which part of the key it is.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The tag.</returns>
    public static EntryTag Part<T>(int part, T value) => new(new PartLabel<T>(part, value));

    /// <summary>The same for a part that is compared without regard to case.</summary>
    /// <param name="part">Which part of the key it is.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The tag.</returns>
    public static EntryTag PartIgnoreCase(int part, string? value) => new(new PartLabelIgnoreCase(part, value));

    /// <summary>The value of a part of the key, or null where any will do.</summary>
    /// <typeparam name="T">The type of the part.</typeparam>
    /// <param name="part">Which part of the key it is.</param>
    /// <param name="match">Its value, if it matters.</param>
    /// <returns>The tag, or null.</returns>
    public static EntryTag? WherePart<T>(int part, Match<T> match) => match.IsGiven ? Part(part, match.Value) : null;

    /// <summary>The same for a part that is compared without regard to case.</summary>
    /// <param name="part">Which part of the key it is.</param>
    /// <param name="match">Its value, if it matters.</param>
    /// <returns>The tag, or null.</returns>
    public static EntryTag? WherePartIgnoreCase(int part, Match<string?> match) => match.IsGiven ? PartIgnoreCase(part, match.Value) : null;

    /// <summary>What the bus calls an entry: the text of its key in the tiers.</summary>
    internal static EntryTag OfPlace(string text) => new(new PlaceLabel(text));

    /// <summary>The text of a tag; null for a part of the key, and for the place of an entry.</summary>
    internal string? Text => label as string;

    /// <inheritdoc/>
    public bool Equals(EntryTag other) => Equals(label, other.label);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EntryTag other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => label?.GetHashCode() ?? 0;

    /// <summary>The text, or the part with its value.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => label?.ToString() ?? "";

    /// <summary>Whether two tags are the same.</summary>
    /// <param name="left">One tag.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(EntryTag left, EntryTag right) => left.Equals(right);

    /// <summary>Whether two tags are different.</summary>
    /// <param name="left">One tag.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(EntryTag left, EntryTag right) => !left.Equals(right);

    private sealed class PartLabel<T>(int part, T value)
    {
        public override bool Equals(object? obj) => obj is PartLabel<T> other && part == other.Index && KeyPart.Equal(value, other.Value);

        public override int GetHashCode() => KeyPart.Combine(part, KeyPart.Hash(value));

        public override string ToString() => $"[{part}] {KeyPart.Text(value)}";

        private int Index => part;

        private T Value => value;
    }

    private sealed class PlaceLabel(string text)
    {
        public override bool Equals(object? obj) => obj is PlaceLabel other && text == other.Place;

        public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

        public override string ToString() => text;

        private string Place => text;
    }

    private sealed class PartLabelIgnoreCase(int part, string? value)
    {
        public override bool Equals(object? obj) => obj is PartLabelIgnoreCase other && part == other.Index && KeyPart.EqualIgnoreCase(value, other.Value);

        public override int GetHashCode() => KeyPart.Combine(part, KeyPart.HashIgnoreCase(value));

        public override string ToString() => $"[{part}] {KeyPart.Text(value)}";

        private int Index => part;

        private string? Value => value;
    }
}
