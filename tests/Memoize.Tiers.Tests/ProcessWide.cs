namespace Memoize.Tiers.Tests;

/// <summary>The tiers and the clock are those of the process: one test at a time.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
