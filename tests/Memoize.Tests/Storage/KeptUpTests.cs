using Memoize.Keys;
using Memoize.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Storage;

/// <summary>Whoever keeps the same values hears of their use by keys that stay as they are, whatever the lookup had in its hands.</summary>
public sealed class KeptUpTests
{
    [Theory, InlineData(0), InlineData(60)]
    public void Others_are_told_the_key_that_is_stored_and_not_the_rented_one(double stale)
    {
        var heard = new Heard();
        var time = new FakeTimeProvider();
        var options = new CacheOptions { Sliding = 60, Ttl = stale > 0 ? 600 : 0, StaleWhileRevalidate = stale };
        var store = new EntryStore<SpanKey<char>, string>(options, Clock.From(time), new StoreCounters()) { Others = heard };
        var stored = SpanKey<char>.Copy("stored");
        store.Put(stored, "value");
        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            var rented = SpanKey<char>.Rent("stored");
            Assert.True(store.TryGet(rented, out _));
            rented.Return();
            SpanKey<char>.Rent("others").Return();
        }

        Assert.All(heard.Keys, key => Assert.Same(stored, key));
        Assert.Equal(3, heard.Keys.Count);
    }

    private sealed class Heard : IKeepUp<SpanKey<char>>
    {
        internal List<SpanKey<char>> Keys { get; } = [];

        public void KeepUp(SpanKey<char> key) => Keys.Add(key);
    }
}
