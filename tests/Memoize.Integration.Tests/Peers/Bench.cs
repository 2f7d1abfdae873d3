using Memoize.Integration.Library;
using Memoize.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Integration.Tests.Peers;

/// <summary>Isolated caches, and a clock that the test moves.</summary>
internal sealed class Bench : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly MemoTest memo;

    public Bench() => memo = MemoTest.Isolate(time);

    public Stock Source { get; } = new();

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
