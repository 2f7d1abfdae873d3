using Memoize.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the methods of these tests ask: it counts, fails and waits as the test says. What it answers tells which run it was.</summary>
public sealed class Source
{
    private int runs;

    /// <summary>How often an original has run.</summary>
    public int Runs => Volatile.Read(ref runs);

    public bool Fails { get; set; }

    /// <summary>What an asynchronous run waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public string Read(object what)
    {
        var run = Interlocked.Increment(ref runs);
        return Fails ? throw new IOException($"{what} is not there.") : $"{what}#{run}";
    }

    public async Task<string> ReadAsync(object what, CancellationToken cancellationToken = default)
    {
        var run = Interlocked.Increment(ref runs);
        await Gate.WaitAsync(cancellationToken);
        return Fails ? throw new IOException($"{what} is not there.") : $"{what}#{run}";
    }
}

/// <summary>Isolated caches, and a clock that the test moves.</summary>
internal sealed class Bench : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly MemoTest memo;

    public Bench() => memo = MemoTest.Isolate(time);

    public Source Source { get; } = new();

    public MemoTest Memo => memo;

    public void Pass(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Waits for what happens behind the caller's back.</summary>
    public static async Task Until(Func<bool> condition)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "It has not come true in half a minute.");
            await Task.Yield();
        }
    }

    public void Dispose() => memo.Dispose();
}
