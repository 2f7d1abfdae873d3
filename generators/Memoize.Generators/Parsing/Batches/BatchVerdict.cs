using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

/// <summary>What became of a method that is to be a batch; see <see cref="Verdict"/>.</summary>
internal sealed record BatchVerdict(BatchMethodModel? Model, ImmutableArray<Problem> Problems)
{
    /// <summary>The cached method of the batch.</summary>
    public IMethodSymbol? Single { get; init; }
}
