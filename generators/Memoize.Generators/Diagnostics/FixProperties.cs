namespace Memoize.Generators.Diagnostics;

/// <summary>What analyzers tell code fixes through the properties of a diagnostic, so that nothing is analysed twice.</summary>
internal static class FixProperties
{
    /// <summary>The key of the property that says what would help; its value is one of the others, or the name of an option.</summary>
    public const string Fix = nameof(Fix);

    /// <summary>The key of a second property: what <see cref="Fix"/> is about.</summary>
    public const string Subject = nameof(Subject);

    /// <summary>The parameter is a collection that can be compared element by element.</summary>
    public const string Structural = nameof(Structural);

    /// <summary>A string option is on something else.</summary>
    public const string IgnoreCase = nameof(IgnoreCase);

    /// <summary>A member path leads nowhere; the subject is the path.</summary>
    public const string Path = nameof(Path);

    /// <summary>Members are named where the whole value is the key.</summary>
    public const string Members = nameof(Members);

    /// <summary>A [CacheKey] that can say nothing where it stands.</summary>
    public const string CacheKey = nameof(CacheKey);

    /// <summary>A [NotInKey] that must not be where it stands.</summary>
    public const string NotInKey = nameof(NotInKey);

    /// <summary>A partial method has no method of the core's name; or, with <see cref="Signature"/>, none of its parameters.</summary>
    public const string Core = nameof(Core);

    /// <summary>There is a method of the core's name, with other parameters or another result.</summary>
    public const string Signature = nameof(Signature);

    /// <summary>A type or a method would have to be partial; of a method the subject is its documentation id.</summary>
    public const string Partial = nameof(Partial);

    /// <summary>A name that does not exist has a near one, which is the subject.</summary>
    public const string Name = nameof(Name);

    /// <summary>A text in the attribute is nearly right; the subject is the text as it is, a line feed, and as it was probably meant.</summary>
    public const string Text = nameof(Text);

    /// <summary>A method that is named could be cached; the subject is its documentation id.</summary>
    public const string Cached = nameof(Cached);

    /// <summary>An eviction that cannot name its entry can evict all.</summary>
    public const string All = nameof(All);

    /// <summary>A type would have to be internal; the subject is its documentation id.</summary>
    public const string Internal = nameof(Internal);

    /// <summary>What cannot be stored can still be evicted.</summary>
    public const string Evicts = nameof(Evicts);

    /// <summary>Somebody has to be able to wait for the method.</summary>
    public const string Task = nameof(Task);

    /// <summary>A parameter has another type than the one it is matched with; the subject is its name, a line feed, and that type.</summary>
    public const string Type = nameof(Type);

    /// <summary>Two entries of a map say less than none; the subject is the parameters that they map, with a line feed between.</summary>
    public const string Unmap = nameof(Unmap);

    /// <summary>Parameters can be mapped; the subject is the mappings, with a line feed between.</summary>
    public const string Map = nameof(Map);

    /// <summary>The value is read from a static property that is a clock.</summary>
    public const string Clock = nameof(Clock);

    /// <summary>The whole <c>VaryBy</c> that would be right is the subject; the attribute is the other place of the diagnostic, or its own.</summary>
    public const string VaryBy = nameof(VaryBy);
}
