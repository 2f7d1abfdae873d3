using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>What a batch returns.</summary>
internal enum BatchShape
{
    /// <summary>A dictionary by item, in which what was not found is missing.</summary>
    Dictionary,

    /// <summary>One value for each item, in the order of the items.</summary>
    List,
}

/// <summary>Everything the emitter needs to know of one method that is the batch of a cached one.</summary>
internal sealed record BatchMethodModel : WrappedMethodModel
{
    public required BatchShape Shape { get; init; }

    /// <summary>The declared result, without its task.</summary>
    public required string ResultType { get; init; }

    /// <summary>The parameter that holds the items, escaped where it is a keyword.</summary>
    public required string Items { get; init; }

    /// <summary>What generated code calls one of them.</summary>
    public required string Item { get; init; }

    public required string ItemType { get; init; }

    /// <summary>Whether there may be no collection at all, which is for the original to judge.</summary>
    public required bool MayBeNull { get; init; }

    /// <summary>The type of one value in the result.</summary>
    public required string ValueType { get; init; }

    /// <summary>The cached method, for people.</summary>
    public required string Single { get; init; }

    /// <summary>Its key, as the generated code names it.</summary>
    public required string KeyType { get; init; }

    /// <summary>Its cache.</summary>
    public required string Cache { get; init; }

    /// <summary>What its key is made of, for one item.</summary>
    public required EquatableArray<string> KeyArguments { get; init; }

    /// <summary>What the attribute of the cached method says about the entry of an item; null where it says nothing.</summary>
    public required string? Rules { get; init; }

    /// <summary>Whether something in its key can be set while a load runs.</summary>
    public required bool KeyMayChange { get; init; }

    /// <summary>Whether loads in the background want an instance of their own.</summary>
    public required bool LoadsOnOwnInstance { get; init; }

    /// <summary>How an array of items becomes what the original takes: a format of <c>{0}</c>.</summary>
    public required string Missing { get; init; }

    /// <summary>How what the original returns is read: a format of <c>{0}</c>.</summary>
    public required string Loaded { get; init; }

    /// <summary>How the result is made of what was found: a format of <c>{0}</c>.</summary>
    public required string Result { get; init; }

    /// <summary>Whether the cached method returns null for what the batch leaves out.</summary>
    public required bool NullIsAbsent { get; init; }

    /// <summary>Whether case does not matter in the key, and so not in the dictionary.</summary>
    public required bool IgnoreCase { get; init; }
}
