using Memoize.Tests.Api;

namespace Memoize.Tests.Observability;

/// <summary>Who listens before the first call hears of every load, whoever publishes what is listened to.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FirstLoadsTests : IDisposable
{
    private readonly FreshLibrary library = new();

    public FirstLoadsTests() => library.Listen();

    public void Dispose() => library.Dispose();

    [Fact]
    public void The_first_load_is_heard_of()
    {
        library.Call(1);
        library.Call(2);
        Assert.Equal((2, 2), library.Heard);
    }

    [Fact]
    public async Task While_one_thread_publishes_the_source_the_load_of_another_is_an_activity()
    {
        using var publishing = new ManualResetEventSlim();
        using var loaded = new ManualResetEventSlim();
        var times = 0;
        library.SourcePublished = () =>
        {
            if (Interlocked.Increment(ref times) > 1)
                return;
            publishing.Set();
            Assert.True(loaded.Wait(Concurrency.Patience));
        };
        var first = Concurrency.OnThread(() => library.Call(1));
        Assert.True(publishing.Wait(Concurrency.Patience));
        await Concurrency.OnThread(() => library.Call(2)).InTime();
        Assert.Equal(1, library.Heard.Activities);
        loaded.Set();
        await first.InTime();
        Assert.Equal((2, 2), library.Heard);
        Assert.Equal(1, library.Sources);
    }

    [Fact]
    public async Task While_one_thread_publishes_the_meter_the_load_of_another_is_measured()
    {
        using var publishing = new ManualResetEventSlim();
        using var loaded = new ManualResetEventSlim();
        library.InstrumentPublished = () =>
        {
            publishing.Set();
            Assert.True(loaded.Wait(Concurrency.Patience));
        };
        var first = Concurrency.OnThread(() => library.Call(1));
        Assert.True(publishing.Wait(Concurrency.Patience));
        await Concurrency.OnThread(() => library.Call(2)).InTime();
        Assert.Equal((1, 0), library.Heard);
        loaded.Set();
        await first.InTime();
        Assert.Equal((2, 2), library.Heard);
    }

    [Fact]
    public async Task Many_threads_that_call_first_are_all_heard_of()
    {
        const int Threads = 8;
        for (var round = 0; round < 20; round++)
        {
            // Listeners that take a moment, as they do where they look into what they were told of.
            using var fresh = new FreshLibrary { SourcePublished = Moment, InstrumentPublished = Moment };
            fresh.Listen();
            await Task.WhenAll(Concurrency.OnThreads(Threads, i =>
            {
                fresh.Call(i);
                return true;
            })).InTime();
            Assert.Equal((round, Threads, Threads, 1), (round, fresh.Heard.Activities, fresh.Heard.Durations, fresh.Sources));
        }

        static void Moment() => Thread.SpinWait(50_000);
    }

    [Fact]
    public async Task A_listener_that_calls_cached_methods_itself_ends_and_the_others_are_heard_of()
    {
        var nested = 0;
        library.SourcePublished = () =>
        {
            var number = 10 + Interlocked.Increment(ref nested);
            library.Call(number);
            Task.Run(() => library.Call(100 + number)).Block();
        };
        await Concurrency.OnThread(() => library.Call(1)).InTime();
        Assert.InRange(nested, 1, 2);
        library.Call(2);
        Assert.InRange(library.Heard.Activities, 2, 3);
        Assert.Equal(2 + 2 * nested, library.Heard.Durations);
    }

    [Fact]
    public void A_listener_that_throws_is_asked_again_and_harms_no_call()
    {
        var times = 0;
        library.SourcePublished = () =>
        {
            if (times++ == 0)
                throw new InvalidOperationException("A listener throws.");
        };
        library.Call(1);
        library.Call(2);
        Assert.Equal((1, 2), library.Heard);
    }
}
