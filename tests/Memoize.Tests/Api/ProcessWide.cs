namespace Memoize.Tests.Api;

/// <summary>Tests that change what all caches of the process share run alone, and put it back.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
