using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Invalidation;

/// <summary>One cached method, or overload, as far as its entries are named from outside: through its handle.</summary>
/// <param name="HandleClass">The class of the handles where it can have an alias, or nothing.</param>
/// <param name="Handle">The handle.</param>
/// <param name="TypeArguments">Those of the method, or nothing.</param>
/// <param name="Receiver">The type of the instance where it takes part in the key.</param>
/// <param name="Entry">What names an entry.</param>
/// <param name="Value">What is remembered.</param>
/// <param name="Method">The method.</param>
internal sealed record InvalidationTarget(
    string HandleClass,
    string Handle,
    string TypeArguments,
    ITypeSymbol? Receiver,
    IReadOnlyList<EntryParameter> Entry,
    ITypeSymbol Value,
    IMethodSymbol Method)
{
    /// <summary>Whether it looks in tiers, so that its handle can evict and set without holding a thread.</summary>
    public bool HasTiers { get; init; }
}

/// <summary>A parameter of a handle's <c>Evict</c> and <c>Set</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsInKey">Whether it names the entry, or only tells overloads apart.</param>
internal sealed record EntryParameter(string Name, ITypeSymbol Type, bool IsInKey);
