using BenchmarkDotNet.Attributes;

namespace Memoize.Benchmarks;

/// <summary>The same rows under BenchmarkDotNet: each in a process of its own, one after the other.</summary>
[MemoryDiagnoser]
public class SubjectBenchmarks
{
    private Subject? subject;

    public static IEnumerable<string> Rows => Table.Subjects().Select(Name);

    [ParamsSource(nameof(Rows))]
    public string Row { get; set; } = "";

    [GlobalSetup]
    public void Setup() => subject = Table.Subjects().First(s => Name(s) == Row);

    [Benchmark(OperationsPerInvoke = Keys.Count)]
    public int Run() => subject!.Run();

    private static string Name(Subject subject) => $"{subject.Group}: {subject.Name}";
}
