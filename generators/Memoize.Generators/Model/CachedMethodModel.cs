using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>Everything the emitter needs to know of one cached method.</summary>
internal sealed record CachedMethodModel : WrappedMethodModel
{
    /// <summary>The handle's place; null where generated code outside the type cannot name what it would need.</summary>
    public required HandleModel? Handle { get; init; }

    /// <summary>What is remembered: the return type without its task.</summary>
    public required string ValueType { get; init; }

    public required EquatableArray<KeyFieldModel> Key { get; init; }

    /// <summary>What is read when the key is made, because it belongs to the caller and is no argument.</summary>
    public required EquatableArray<AmbientModel> Ambient { get; init; }

    public required OptionsModel Options { get; init; }

    /// <summary>What the user's own methods say about calls and values.</summary>
    public required RulesModel Rules { get; init; }

    /// <summary>The shape of the result, as a number in C#, where it is shared with other processes; null for memory alone.</summary>
    public string? Shape { get; init; }

    /// <summary>The tags of an entry, as expressions of C# over the parameters.</summary>
    public EquatableArray<string> Tags { get; init; }

    /// <summary>Whether loads and sets have something to say besides key and value.</summary>
    public bool HasRules => Rules.HasTerms || HasTags;

    /// <summary>Whether something that the key is made of can be set while a load runs, which then brings the value of another key.</summary>
    public bool KeyMayChange { get; init; }

    /// <summary>Whether an entry can be evicted by something besides its key.</summary>
    public bool HasTags => Tags.Count > 0 || Key.Any(part => part.IsIndexed);

    /// <summary>
    /// Whether loads in the background want an instance of their own. Where each instance has a cache, it is the instance that loads.
    /// </summary>
    public bool LoadsOnOwnInstance => Options.LoadsInBackground && Receiver is { IsValueType: false, PerInstance: false };

    /// <summary>What that is made of.</summary>
    public IEnumerable<ParameterModel> RuleParameters => HasTags ? Parameters.Where(p => p.Role == ParameterRole.Key) : Rules.Arguments;
}

/// <summary>Where the handle of the method is generated.</summary>
/// <param name="ClassName">The static class of all handles of the type.</param>
/// <param name="ClassAccessibility">The accessibility of that class.</param>
/// <param name="Accessibility">The accessibility of the handle.</param>
/// <param name="TypeParameters">The type parameters of the declaring types, which the class repeats.</param>
internal sealed record HandleModel(
    string ClassName,
    string ClassAccessibility,
    string Accessibility,
    EquatableArray<TypeParameterModel> TypeParameters)
{
    /// <summary>The short name under which the handles call the cell; null where a type of the namespace has that name.</summary>
    public string? CellAlias { get; init; }
}
