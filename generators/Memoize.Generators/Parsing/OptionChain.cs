using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What an option is for one method: said by its own attribute or, where that is silent, by the nearest <c>[CacheDefaults]</c>: of the
/// type, the types around it, the assembly. The same for such a default itself, whose own attribute is then the first.
/// </summary>
internal sealed class OptionChain
{
    private readonly List<AttributeData> _levels;

    public OptionChain(ISymbol symbol, AttributeData own)
    {
        _levels = [own];
        for (var type = symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            Add(type);
        }

        if (symbol is not IAssemblySymbol)
        {
            Add(symbol.ContainingAssembly);
        }
    }

    /// <summary>The names of the tiers. An empty text is the way to say no to a default.</summary>
    public IReadOnlyList<string> Tiers => (Get("Tiers", "").Value ?? "").Split(',').Select(name => name.Trim()).Where(name => name.Length > 0).ToList();

    /// <summary>The value, and where it comes from.</summary>
    public Setting<T> Get<T>(string name, T fallback)
    {
        var level = _levels.FindIndex(attribute => attribute.HasNamed(name));
        return level < 0 ? new Setting<T>(fallback, null, -1) : new Setting<T>(_levels[level].Named(name, fallback), _levels[level], level);
    }

    /// <summary>Whether somebody further away gives a default that one could want to be rid of.</summary>
    public bool HasDefault(string name, int beyond) => _levels.Skip(beyond + 1).Any(attribute => attribute.HasNamed(name));

    private void Add(ISymbol symbol)
    {
        if (Attributes.CacheDefaults(symbol) is { } attribute)
        {
            _levels.Add(attribute);
        }
    }
}

/// <summary>An option of one method.</summary>
/// <param name="value">What it is.</param>
/// <param name="source">The attribute that says so; null where none does.</param>
/// <param name="level">How far away that attribute is; 0 for the method's own.</param>
internal readonly struct Setting<T>(T value, AttributeData? source, int level)
{
    public T Value => value;

    public AttributeData? Source => source;

    public int Level => level;

    public bool IsGiven => source is not null;

    /// <summary>Whether the method itself says nothing.</summary>
    public bool IsDefault => level > 0;
}
