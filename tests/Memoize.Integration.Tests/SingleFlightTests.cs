namespace Memoize.Integration.Tests;

/// <summary>Many callers, one missing key, one load.</summary>
public class SingleFlightTests
{
    private static readonly Counted _sync = new();
    private static readonly Counted _async = new();
    private static readonly Counted _failing = new();
    private static readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Sixty_four_tasks_load_once()
    {
        var token = TestContext.Current.CancellationToken;
        var calls = Enumerable.Range(0, 64).Select(_ => Task.Run(() => LoadAsync(1, token), token)).ToArray();
        while (_async.Runs == 0)
            await Task.Yield();
        _gate.SetResult();
        Assert.All(await Task.WhenAll(calls), value => Assert.Equal(1, value));
        Assert.Equal(1, _async.Runs);
    }

    [Fact]
    public async Task Thirty_two_threads_load_once()
    {
        using var barrier = new Barrier(32);
        var calls = Enumerable.Range(0, 32).Select(_ => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                return Load(1);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Assert.All(await Task.WhenAll(calls), value => Assert.Equal(1, value));
        Assert.Equal(1, _sync.Runs);
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        await Assert.ThrowsAsync<FormatException>(() => FailAsync(1));
        await Assert.ThrowsAsync<FormatException>(() => FailAsync(1));
        Assert.Equal(2, _failing.Runs);
    }

    [Cached]
    internal static int Load(int a) => _sync.Ran(a);

    [Cached]
    internal static async Task<int> LoadAsync(int a, CancellationToken cancellationToken)
    {
        _async.Ran(a);
        await _gate.Task.WaitAsync(cancellationToken);
        return a;
    }

    [Cached]
    internal static async Task<int> FailAsync(int a)
    {
        await Task.Yield();
        _failing.Ran(a);
        throw new FormatException();
    }
}
