using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

/// <summary>The cached method of a batch, and how its key is made of the parameters of the batch.</summary>
internal sealed record BatchTarget(IMethodSymbol Method, CachedMethodModel Model)
{
    /// <summary>The parameter of the batch that holds the items.</summary>
    public required IParameterSymbol Items { get; init; }

    public required BatchInput Input { get; init; }

    /// <summary>The parameter of the cached method that an item stands for.</summary>
    public required IParameterSymbol Varying { get; init; }

    /// <summary>What generated code calls an item.</summary>
    public required string Item { get; init; }

    /// <summary>What the key is made of, in its order, without the instance.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>What the cached method returns, without its task.</summary>
    public ITypeSymbol Value => KnownTypes.ResultOf(Method.ReturnType);
}
