using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What became of an annotated method: a model for the generator, or problems for the analyzer. Both ask the same function, so
/// what is generated and what is reported cannot differ.
/// </summary>
internal sealed record Verdict(CachedMethodModel? Model, ImmutableArray<Problem> Problems);

/// <summary>The same for a method that evicts or updates. Beside a model there may be problems, too: what is only a warning.</summary>
internal sealed record EvictingVerdict(EvictingMethodModel? Model, ImmutableArray<Problem> Problems);
