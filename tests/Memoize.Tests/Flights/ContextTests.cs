using System.Diagnostics;
using System.Globalization;

namespace Memoize.Tests.Flights;

/// <summary>A load runs in the context of the first caller, and leaves nothing behind in it.</summary>
public class ContextTests
{
    private static readonly AsyncLocal<string?> Tenant = new();

    private readonly MethodCache<int, string> cache = TestCache.Of();

    [Fact]
    public async Task The_load_sees_the_context_of_the_first_caller()
    {
        Tenant.Value = "first";
        CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
        using var activity = new Activity("request").Start();

        Assert.Equal("first tr-TR request", cache.Get(1, _ => See()));
        Assert.Equal("first tr-TR request", await cache.GetAsync(2, async _ =>
        {
            var now = See();
            await Task.Yield();
            Assert.Equal(now, See());
            return now;
        }));

        static string See() => $"{Tenant.Value} {CultureInfo.CurrentCulture.Name} {Activity.Current?.OperationName}";
    }

    [Fact]
    public async Task A_caller_who_waits_keeps_its_own()
    {
        var release = Concurrency.Source<string>();
        Tenant.Value = "first";
        var first = cache.GetAsync(1, _ => release.Task);
        Tenant.Value = "second";
        var second = After(cache.GetAsync(1, _ => release.Task));
        Tenant.Value = "third";
        release.SetResult("value");

        Assert.Equal("second", await second.InTime());
        await first;
        Assert.Equal("third", Tenant.Value);

        static async Task<string?> After(Task task)
        {
            await task;
            return Tenant.Value;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_load_changes_stays_in_the_load(bool fails)
    {
        Tenant.Value = "caller";
        var culture = CultureInfo.CurrentCulture;
        string Load(CancellationToken _)
        {
            Tenant.Value = "load";
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            return fails ? throw new InvalidTimeZoneException() : Tenant.Value;
        }

        Record.Exception(() => cache.Get(1, Load));
        Assert.Equal(("caller", culture), (Tenant.Value, CultureInfo.CurrentCulture));
        Record.Exception(() => { _ = cache.GetAsync(2, token => Task.FromResult(Load(token))); });
        Assert.Equal(("caller", culture), (Tenant.Value, CultureInfo.CurrentCulture));
        await Record.ExceptionAsync(() => cache.GetAsync(3, async token =>
        {
            Record.Exception(() => Load(token));
            await Task.Yield();
            return Load(token);
        }));
        Assert.Equal(("caller", culture), (Tenant.Value, CultureInfo.CurrentCulture));
    }

    [Fact]
    public void The_load_starts_on_the_thread_of_its_caller()
    {
        var load = 0;
        _ = cache.GetAsync(1, async _ =>
        {
            load = Environment.CurrentManagedThreadId;
            await Task.Yield();
            return "value";
        });

        Assert.Equal(Environment.CurrentManagedThreadId, load);
    }

    [Fact]
    public void A_caller_that_has_suppressed_the_flow_keeps_it_suppressed()
    {
        using (ExecutionContext.SuppressFlow())
        {
            Assert.Equal("value", cache.Get(1, _ => cache.Get(2, _ => "value")));
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        // The end of the load was noticed: the same flow may load the key again.
        cache.Evict(1);
        Assert.Equal("again", cache.Get(1, _ => "again"));
    }

    [Fact]
    public async Task A_flow_that_outlives_its_load_does_not_keep_key_or_value_alive()
    {
        var objects = TestCache.Of<int, object>();
        using var stop = new CancellationTokenSource();
        var (value, behind) = Load(objects, stop.Token);
        objects.Clear();
        Concurrency.Collect();

        Assert.False(value.IsAlive);
        stop.Cancel();
        await behind.InTime();

        static (WeakReference Value, Task Behind) Load(MethodCache<int, object> cache, CancellationToken stop)
        {
            var behind = Task.CompletedTask;
            var value = cache.Get(1, _ =>
            {
                behind = Task.Run(async () =>
                {
                    var end = new TaskCompletionSource();
                    using (stop.Register(end.SetResult))
                        await end.Task;
                });
                return new object();
            });
            return (new(value), behind);
        }
    }
}
