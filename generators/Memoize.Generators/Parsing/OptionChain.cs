using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What an option is for one method: said by its own attribute or, where that is silent, by the nearest <c>[CacheDefaults]</c>: of the
/// type, the types around it, the assembly.
/// </summary>
internal sealed class OptionChain
{
    private readonly AttributeData _cached;
    private readonly List<(AttributeData Attribute, string Owner)> _defaults = [];

    public OptionChain(IMethodSymbol method, AttributeData cached)
    {
        _cached = cached;
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            Add(type, $"'{Names.Short(type)}'");
        }

        Add(method.ContainingAssembly, "the assembly");
    }

    /// <summary>The value, and where it comes from.</summary>
    public Setting<T> Get<T>(string name, T fallback)
    {
        if (_cached.HasNamed(name))
        {
            return new Setting<T>(_cached.Named(name, fallback), _cached, null);
        }

        var (attribute, owner) = _defaults.FirstOrDefault(candidate => candidate.Attribute.HasNamed(name));
        return attribute is null ? new Setting<T>(fallback, null, null) : new Setting<T>(attribute.Named(name, fallback), attribute, owner);
    }

    /// <summary>Whether there is a default that the method could want to be rid of.</summary>
    public bool HasDefault(string name) => _defaults.Any(candidate => candidate.Attribute.HasNamed(name));

    private void Add(ISymbol symbol, string owner)
    {
        if (Attributes.CacheDefaults(symbol) is { } attribute)
        {
            _defaults.Add((attribute, owner));
        }
    }
}

/// <summary>An option of one method.</summary>
/// <param name="value">What it is.</param>
/// <param name="source">The attribute that says so; null where none does.</param>
/// <param name="owner">Whose defaults that attribute is; null for the method's own.</param>
internal readonly struct Setting<T>(T value, AttributeData? source, string? owner)
{
    public T Value => value;

    public AttributeData? Source => source;

    public bool IsGiven => source is not null;

    /// <summary>Whether the method itself says nothing.</summary>
    public bool IsDefault => owner is not null;

    /// <summary>Where a message that talks about the option says that it comes from.</summary>
    public string Origin => owner is null ? "" : $" ([CacheDefaults] of {owner})";
}
