using System.Buffers;

namespace Memoize.Sqlite.Tests;

/// <summary>Another process holds the lock of the writers for as long as it likes: nobody who can do something else meanwhile is held up.</summary>
public sealed class HeldLockTests : IDisposable
{
    private const int Forever = int.MaxValue;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TestFile _file = new();
    private readonly SqliteCache _cache;
    private readonly TestDatabase _other;

    public HeldLockTests()
    {
        _cache = _file.Open(busyTimeout: Forever);
        _cache.Set("known", [1], TestFile.Forever);
        _other = TestDatabase.Open(_file.Path);
        _other.Execute("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        _other.Dispose();
        _cache.Dispose();
        _file.Dispose();
    }

    [Theory]
    [InlineData("set")]
    [InlineData("store")]
    [InlineData("remove")]
    [InlineData("lease")]
    [InlineData("read or lease")]
    [InlineData("clear")]
    [InlineData("prefix")]
    public async Task Who_writes_waits_without_a_thread_and_can_give_up(string what)
    {
        using var giveUp = new CancellationTokenSource();
        var begun = Task.Run(() => Task.FromResult(Begin(what, giveUp.Token)));
        // The thread comes back, with a task of the work that waits.
        var work = await begun.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.False(work.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(s_patience, TestContext.Current.CancellationToken));

        // Who has given up holds up nobody.
        var next = Begin(what, default);
        _other.Execute("ROLLBACK");
        await next.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Empty(_cache.GetStatistics().Failures);
    }

    [Fact]
    public async Task Who_asks_for_a_value_or_its_lease_gets_a_value_that_is_there()
    {
        Assert.Equal([1], await _cache.GetAsync("known"));
        var read = await _cache.GetOrLeaseAsync("known", new ArrayBufferWriter<byte>(), TimeSpan.FromMinutes(1));
        Assert.True(read.Found);
        _other.Execute("ROLLBACK");
    }

    [Fact]
    public async Task A_time_that_is_over_is_a_loss_that_is_counted()
    {
        using var impatient = _file.Open(busyTimeout: 30, retryAfter: 60_000);
        await impatient.SetAsync("a", [1], TestFile.Forever);
        impatient.Set("b", [1], TestFile.Forever);
        var statistics = impatient.GetStatistics();
        Assert.Equal((1, 2), (statistics.Failures[SqliteFailure.Busy], statistics.NotStored[SqliteFailure.Busy]));
        _other.Execute("ROLLBACK");
    }

    [Fact]
    public async Task The_file_is_opened_on_another_thread_than_the_callers()
    {
        // Another process opens the file, and takes its time.
        using var late = _file.Open(busyTimeout: Forever);
        await using var gate = new FileStream(_file.Path + "-gate", FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        foreach (var begin in (Func<Task>[])[() => late.GetAsync("known"), () => late.SetAsync("a", [1], TestFile.Forever), () => late.RefreshAsync("known")])
            Assert.False((await Task.Run(() => Task.FromResult(begin())).WaitAsync(s_patience, TestContext.Current.CancellationToken)).IsCompleted);
        _other.Execute("ROLLBACK");
        await gate.DisposeAsync();
        Assert.Equal([1], await late.GetAsync("known").WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    private Task Begin(string what, CancellationToken token) => what switch
    {
        "set" => _cache.SetAsync("a", [1], TestFile.Forever, token),
        "store" => _cache.StoreAsync("a", new([1]), TestFile.Forever, null, token).AsTask(),
        "remove" => _cache.RemoveAsync("a", token),
        "lease" => _cache.LeaseAsync("a", TimeSpan.FromMinutes(1), token).AsTask(),
        "read or lease" => _cache.GetOrLeaseAsync("a", new ArrayBufferWriter<byte>(), TimeSpan.FromMinutes(1), token).AsTask(),
        "clear" => _cache.ClearAsync(token).AsTask(),
        _ => _cache.RemoveByPrefixAsync("a", token).AsTask(),
    };
}
