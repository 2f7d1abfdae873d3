namespace Memoize.Memcached.Tests;

/// <summary>What measures time runs while nothing else does.</summary>
[CollectionDefinition("times", DisableParallelization = true)]
public sealed class Times;
