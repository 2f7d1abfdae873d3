namespace Memoize.Tests.Tiers;

/// <summary>A store that confirms a change and loses it, as a primary that dies before its replica has heard of it.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierRepeatTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly BusStore store = new();

    public void Dispose() => tiers.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_was_evicted_lately_is_evicted_again_after_an_interruption_and_the_others_hear_of_it_then(bool fails)
    {
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<int>(name);
        await one.CallAsync("a", 1);
        await one.CallAsync("b", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        var key = store.ValueKeys.Single(static key => key.Contains("\"a\"", StringComparison.Ordinal));
        var old = store.Values[key];
        await one.Cache.EvictAsync("a");
        var other = store.ValueKeys.Single();

        store.Values[key] = old;
        store.Sent.Clear();
        var wasThere = new List<bool>();
        store.OnPublish = message =>
        {
            if (message.Span[17] == (byte)'A')
                wasThere.Add(store.Values.TryGetValue(key, out var there) && ReferenceEquals(there, old));      // and not what the call below has stored
        };
        store.Failure = fails ? new InvalidOperationException("It is still away.") : null;
        store.Interrupt();
        if (fails)
        {
            await UntilAsync(() => !tier.IsAvailable);
            store.Failure = null;
        }

        // Whatever the store has: it is not believed until it was told once more.
        Assert.Equal(2, await one.CallAsync("a", 2));
        await UntilAsync(() => tier.Statistics.Owed == 0 && wasThere.Count > 0);
        Assert.All(wasThere, Assert.False);
        Assert.True(store.Values.ContainsKey(other));
        Assert.Equal(2, await one.CallAsync("a", 3));
    }

    [Fact]
    public async Task A_stamp_that_was_written_lately_is_written_again()
    {
        tiers.Add(store, out var name);
        var one = new TieredCache<int>(name);
        await one.CallAsync("a", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        var before = store.Values.ToArray();
        await one.Cache.Method.ClearAsync();

        foreach (var (key, value) in before)
            store.Values[key] = value;
        store.Interrupt();
        Assert.Equal(2, await one.Another().CallAsync("a", 2));
        Assert.Equal(2, await one.CallAsync("a", 2));
    }

    [Fact]
    public async Task What_was_evicted_long_ago_is_left_alone()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        tiers.Add(store, out var name, new() { Timeout = 5, TimeProvider = clock });
        var one = new TieredCache<int>(name);
        await one.Cache.EvictAsync("a");
        clock.Advance(TimeSpan.FromMinutes(2));
        store.Sent.Clear();
        var operations = store.Operations;
        store.Interrupt();
        Assert.Equal(operations, store.Operations);
        Assert.DoesNotContain(store.Sent, static message => message[17] == (byte)'A');
    }

    [Fact]
    public async Task What_is_owed_is_done_and_told_as_soon_as_the_bus_is_back()
    {
        // Time stands still: nothing is tried because a pause is over.
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var tier = tiers.Add(store, out var name, new() { Timeout = 5, TimeProvider = clock });
        var one = new TieredCache<int>(name);
        await one.CallAsync("a", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        store.Failure = new InvalidOperationException("cut off");
        await one.CallAsync("b", 1);
        await one.Cache.EvictAsync("a");
        Assert.False(tier.IsAvailable);
        Assert.Equal(1, tier.Statistics.Owed);

        store.Failure = null;
        var wasThere = new List<bool>();
        store.OnPublish = _ => wasThere.Add(!store.ValueKeys.Any());
        store.Sent.Clear();
        store.Interrupt();
        await UntilAsync(() => tier.IsAvailable && !store.Sent.IsEmpty);
        Assert.Empty(store.ValueKeys);
        Assert.Equal(0, tier.Statistics.Owed);
        Assert.All(wasThere, Assert.True);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            await Task.Yield();
            Assert.True(DateTime.UtcNow < end, "It did not happen within 30 seconds.");
        }
    }
}
