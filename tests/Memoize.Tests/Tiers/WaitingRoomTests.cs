using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

public sealed class WaitingRoomTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private bool isClosed;

    [Fact]
    public async Task An_operation_that_ends_is_an_answer_however_it_ends()
    {
        var room = new WaitingRoom(Long, () => isClosed);
        var (good, bad, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var waits = new[] { good, bad, cancelled }.Select(one => room.WaitAsync(one.Task, default).AsTask()).ToArray();
        Assert.DoesNotContain(waits, static wait => wait.IsCompleted);

        good.SetResult();
        bad.SetException(new InvalidOperationException());
        cancelled.SetCanceled(TestContext.Current.CancellationToken);
        Assert.All(await Task.WhenAll(waits).WaitAsync(Soon, TestContext.Current.CancellationToken), Assert.True);
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_and_the_others_stay()
    {
        var room = new WaitingRoom(Long, () => isClosed);
        var operation = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var (stays, leaves) = (room.WaitAsync(operation.Task, default).AsTask(), room.WaitAsync(operation.Task, leaving.Token).AsTask());
        await leaving.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Equal(leaving.Token, thrown.CancellationToken);
        Assert.False(stays.IsCompleted);
        Assert.True(room.WaitAsync(operation.Task, leaving.Token).AsTask().IsCanceled);

        operation.SetResult();
        Assert.True(await stays.WaitAsync(Soon, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Each_waits_for_its_own_time_and_no_longer()
    {
        var room = new WaitingRoom(TimeSpan.FromMilliseconds(20), () => isClosed);
        for (var i = 0; i < 3; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            Assert.False(await room.WaitAsync(new TaskCompletionSource().Task, default).AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken));
            Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public async Task When_it_is_closed_all_leave_and_nobody_enters()
    {
        var room = new WaitingRoom(Long, () => isClosed);
        var waits = Enumerable.Range(0, 10).Select(_ => room.WaitAsync(new TaskCompletionSource().Task, default).AsTask()).ToArray();
        isClosed = true;
        room.Clear();
        Assert.All(await Task.WhenAll(waits).WaitAsync(Soon, TestContext.Current.CancellationToken), Assert.False);
        Assert.False(await room.WaitAsync(new TaskCompletionSource().Task, default));

        isClosed = false;
        var operation = new TaskCompletionSource();
        var next = room.WaitAsync(operation.Task, default).AsTask();
        operation.SetResult();
        Assert.True(await next.WaitAsync(Soon, TestContext.Current.CancellationToken));
    }

    // What one goes on with may take long, and the next is not to wait for it.
    [Fact]
    public async Task Those_who_are_let_go_do_not_wait_for_each_other()
    {
        var room = new WaitingRoom(Long, () => isClosed);
        using var both = new CountdownEvent(2);
        var waits = new[] { GoOnAsync(), GoOnAsync() };
        isClosed = true;
        room.Clear();
        await Task.WhenAll(waits).WaitAsync(Soon, TestContext.Current.CancellationToken);

        async Task GoOnAsync()
        {
            await room.WaitAsync(new TaskCompletionSource().Task, default).ConfigureAwait(false);
            both.Signal();
            Assert.True(both.Wait(Soon, TestContext.Current.CancellationToken));
        }
    }

    // Operations that end, tokens that are cancelled and a room that is cleared, all at once: each wait ends once, and as its own.
    [Fact]
    public async Task Whoever_is_first_ends_a_wait_and_nobody_ends_that_of_the_next()
    {
        var room = new WaitingRoom(Long, () => isClosed);
        var until = DateTime.UtcNow.AddSeconds(1);
        var (ended, cancelled, late) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (DateTime.UtcNow < until || !EachHasCome())
            {
                var operation = new TaskCompletionSource();
                using var leaving = new CancellationTokenSource();
                var way = random.Next(4);
                var wait = room.WaitAsync(operation.Task, random.Next(2) == 0 || way > 1 ? leaving.Token : default).AsTask();
                _ = Task.Run(() => (way == 1 ? room.Clear : way == 2 ? leaving.Cancel : (Action)operation.SetResult)());
                if (way == 3)
                    _ = Task.Run(leaving.Cancel);
                try
                {
                    var hasEnded = await wait.WaitAsync(Soon);
                    Assert.True(hasEnded ? operation.Task.IsCompleted : true);
                    Interlocked.Increment(ref hasEnded ? ref ended : ref late);
                }
                catch (OperationCanceledException e)
                {
                    Assert.Equal(leaving.Token, e.CancellationToken);
                    Assert.True(leaving.IsCancellationRequested);
                    Interlocked.Increment(ref cancelled);
                }
            }
        })));
        Assert.True(EachHasCome());

        bool EachHasCome() => Volatile.Read(ref ended) > 0 && Volatile.Read(ref cancelled) > 0 && Volatile.Read(ref late) > 0;
    }
}
