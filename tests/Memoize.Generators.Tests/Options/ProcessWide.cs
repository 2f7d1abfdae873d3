namespace Memoize.Generators.Tests.Options;

/// <summary>Tests that set the clock of the process, which clears all caches: none of them runs beside another test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide clock";
}
