namespace Memoize.Integration.Tests;

/// <summary>Isolated caches make hits everywhere take another path, which those who count allocations must not see.</summary>
[CollectionDefinition(nameof(Isolated), DisableParallelization = true)]
public sealed class Isolated;
