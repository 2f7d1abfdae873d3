using System.Reflection;
using System.Runtime.Loader;

namespace Memoize.Generators.Tests.Harness;

/// <summary>Compiled assemblies in a context of their own, so that static caches of one test are not those of another.</summary>
sealed class LoadedProgram : IDisposable
{
    readonly AssemblyLoadContext _context = new("program under test", isCollectible: true);

    public LoadedProgram(params IEnumerable<byte[]> images)
    {
        foreach (var image in images)
            Main = _context.LoadFromStream(new MemoryStream(image));
    }

    /// <summary>The last of the assemblies.</summary>
    public Assembly Main { get; private set; } = null!;

    /// <summary>Runs <c>Script.Run</c> and gives what it said and how often originals ran.</summary>
    public async Task<(string Said, int Calls)> RunScript()
    {
        await Invoke(Main.GetType("Script")!.GetMethod("Run")!);
        return Probed;
    }

    /// <summary>Runs the entry point of a program with top-level statements.</summary>
    public async Task<(string Said, int Calls)> RunMain()
    {
        await Invoke(Main.EntryPoint!, [Array.Empty<string>()]);
        return Probed;
    }

    (string Said, int Calls) Probed
    {
        get
        {
            var probes = _context.Assemblies.Select(assembly => assembly.GetType("Probe")).OfType<Type>().ToList();
            return (string.Concat(probes.Select(probe => (string)probe.GetProperty("Said")!.GetValue(null)!)),
                probes.Sum(probe => (int)probe.GetProperty("Calls")!.GetValue(null)!));
        }
    }

    static async Task Invoke(MethodInfo method, object?[]? arguments = null)
    {
        // Nothing here may wait for ever: a deadlock in generated code must fail one test, not hang the run.
        var run = Task.Run(async () =>
        {
            var result = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (result is Task task)
                await task;
        });
        await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public void Dispose() => _context.Unload();
}
