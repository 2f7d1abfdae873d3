using Memoize.Integration.Library;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the README of the Rust crate <c>cached</c> 3 promises, its quick reference above all; its words stand above each test.</summary>
[Collection(nameof(Isolated))]
public sealed partial class RustCachedPromises
{
    // #[cached] fn fib(n: u64) -> u64
    [Fact]
    public void Memoize_a_function()
    {
        var runs = new Stock();
        RustCache.Fib.Clear();
        Assert.Equal(12586269025, Rust.Fib(50, runs));
        Assert.Equal(51, runs.Runs);
    }

    // max_size: LRU-bounded, evict past N entries.
    [Fact]
    public void Max_size()
    {
        using var bench = new Bench();
        for (var id = 0; id < 100; id++)
            Rust.Few(id, bench.Source);
        Assert.InRange(RustCache.Few.Statistics.Count, 1, 10);
        Assert.Equal(100 - RustCache.Few.Statistics.Count, RustCache.Few.Statistics.EvictionsByCapacity);
    }

    // ttl_secs: expire results after N whole seconds.
    [Fact]
    public void Ttl_in_seconds()
    {
        using var bench = new Bench();
        Assert.Equal("1#1", Rust.Minute(1, bench.Source));
        bench.Pass(59);
        Assert.Equal("1#1", Rust.Minute(1, bench.Source));
        bench.Pass(1);
        Assert.Equal("1#2", Rust.Minute(1, bench.Source));
    }

    // ttl_millis: TTL in milliseconds (sub-second capable).
    [Fact]
    public void Ttl_in_milliseconds()
    {
        using var bench = new Bench();
        Assert.Equal("1#1", Rust.HalfSecond(1, bench.Source));
        bench.Pass(0.45);
        Assert.Equal("1#1", Rust.HalfSecond(1, bench.Source));
        bench.Pass(0.06);
        Assert.Equal("1#2", Rust.HalfSecond(1, bench.Source));
    }

    // LRU + TTL.
    [Fact]
    public void Max_size_and_ttl()
    {
        using var bench = new Bench();
        for (var id = 0; id < 100; id++)
            Rust.FewForAMinute(id, bench.Source);
        Assert.InRange(RustCache.FewForAMinute.Statistics.Count, 1, 10);
        Assert.Equal("99#100", Rust.FewForAMinute(99, bench.Source));
        bench.Pass(61);
        Assert.Equal("99#101", Rust.FewForAMinute(99, bench.Source));
    }

    // Don't cache None returns (implicit for Option<T>).
    [Fact]
    public void Null_is_not_cached()
    {
        using var bench = new Bench();
        Assert.Null(Rust.NoneNotKept(1, bench.Source));
        Assert.Null(Rust.NoneNotKept(1, bench.Source));
        Assert.Equal(2, bench.Source.Runs);
    }

    // cache_none = true: force-cache None returns.
    [Fact]
    public void Null_is_cached()
    {
        using var bench = new Bench();
        Assert.Null(Rust.NoneKept(1, bench.Source));
        Assert.Null(Rust.NoneKept(1, bench.Source));
        Assert.Equal(1, bench.Source.Runs);
    }

    // Don't cache Err returns (implicit for Result<T, E>).
    [Fact]
    public void A_failure_is_not_cached()
    {
        using var bench = new Bench();
        bench.Source.Fails = true;
        Assert.Throws<IOException>(() => Rust.Minute(1, bench.Source));
        Assert.Throws<IOException>(() => Rust.Minute(1, bench.Source));
        Assert.Equal(2, bench.Source.Runs);
    }

    // cache_err = true: force-cache Err returns.
    [Fact]
    public void A_failure_is_cached()
    {
        using var bench = new Bench();
        bench.Source.Fails = true;
        Assert.Throws<IOException>(() => Rust.ErrorsKept(1, bench.Source));
        bench.Source.Fails = false;
        Assert.Throws<IOException>(() => Rust.ErrorsKept(1, bench.Source));
        Assert.Equal(1, bench.Source.Runs);
        bench.Pass(11);
        Assert.Equal("1#2", Rust.ErrorsKept(1, bench.Source));
    }

    // result_fallback: serve the stale value when the function returns Err.
    [Fact]
    public void Result_fallback()
    {
        using var bench = new Bench();
        Rust.Fallback(1, bench.Source);
        bench.Pass(61);
        bench.Source.Fails = true;
        Assert.Equal("1#1", Rust.Fallback(1, bench.Source));
    }

    // expires = true: the value carries its own expiry.
    [Fact]
    public void Expires()
    {
        using var bench = new Bench();
        Rust.Token("a", 10, bench.Source);
        Rust.Token("b", 20, bench.Source);
        bench.Pass(15);
        Assert.Equal(("b#2", "a#3"), (Rust.Token("b", 20, bench.Source).Text, Rust.Token("a", 10, bench.Source).Text));
    }

    // refresh: a hit renews the time to live.
    [Fact]
    public void Refresh_on_hit()
    {
        using var bench = new Bench();
        Rust.Sliding(1, bench.Source);
        for (var i = 0; i < 5; i++)
        {
            bench.Pass(40);
            Assert.Equal("1#1", Rust.Sliding(1, bench.Source));
        }

        bench.Pass(61);
        Assert.Equal("1#2", Rust.Sliding(1, bench.Source));
    }

    // sync_writes = "by_key": deduplicate concurrent first calls per key. "Do not use on recursive functions"; here that is no matter.
    [Fact]
    public async Task Sync_writes_by_key_and_recursion()
    {
        var runs = new Stock();
        var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Rust.Fib(60, runs))));
        Assert.All(calls, value => Assert.Equal(1548008755920, value));
        Assert.InRange(runs.Runs, 1, 61);
    }

    // force_refresh: recompute, and remember.
    [Fact]
    public void Force_refresh()
    {
        using var bench = new Bench();
        Rust.Minute(1, bench.Source);
        Assert.Equal("1#2", RustCache.Minute.Refresh(1, bench.Source));
        Assert.Equal("1#2", Rust.Minute(1, bench.Source));
    }

    // in_impl: a method, one cache shared across all instances. "Footgun: self is excluded"; here state that matters does not compile.
    [Fact]
    public void A_method_of_all_instances()
    {
        using var bench = new Bench();
        Assert.Equal(("1#1", "1#1"), (new RustService(bench.Source).Load(1), new RustService(bench.Source).Load(1)));
    }

    // {fn}_no_cache: the original.
    [Fact]
    public void No_cache()
    {
        using var bench = new Bench();
        Rust.Minute(1, bench.Source);
        Assert.Equal(("1#2", "1#1"), (RustCache.Minute.Uncached(1, bench.Source), Rust.Minute(1, bench.Source)));
    }

    // {fn}_prime_cache: fill it before it is needed.
    [Fact]
    public void Prime_cache()
    {
        using var bench = new Bench();
        RustCache.Minute.Refresh(1, bench.Source);
        Assert.Equal(("1#1", 1L), (Rust.Minute(1, bench.Source), RustCache.Minute.Statistics.Hits));
    }

    // companions_vis: control the visibility of the generated companions. Here it is the method's, and the name can be chosen.
    [Fact]
    public void Visibility_of_what_is_generated()
    {
        Assert.True(typeof(RustService).IsPublic && typeof(RustServiceHandles).IsPublic);
        Assert.False(typeof(RustCache).IsPublic);
    }

    // async fn.
    [Fact]
    public async Task Async()
    {
        using var bench = new Bench();
        Assert.Equal(("1#1", "1#1"), (await Rust.Remote(1, bench.Source), await Rust.Remote(1, bench.Source)));
    }

    // #[once(ttl_secs = …, sync_writes = true)]: compute and cache one global value, refresh it periodically.
    [Fact]
    public async Task Once()
    {
        using var bench = new Bench();
        var service = new RustService(bench.Source);
        var values = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => service.Key())));
        Assert.All(values, value => Assert.Equal("key#1", value));
        bench.Pass(301);
        Assert.Equal("key#2", service.Key());
    }

    // #[concurrent_cached]: thread-safe memoize, no global lock per call.
    [Fact]
    public async Task Many_threads()
    {
        using var bench = new Bench();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var id = 0; id < 500; id++)
                Assert.StartsWith($"{id}#", Rust.Minute(id, bench.Source), StringComparison.Ordinal);
        })));
        Assert.Equal(500, bench.Source.Runs);
    }

    // key and convert: a key of one's own, such as of floats or of a part of the arguments.
    [Fact]
    public void Keys_of_floats_and_of_parts()
    {
        using var bench = new Bench();
        Assert.Equal(Rust.Float(0.1, "a", bench.Source), Rust.Float(0.1, "A", bench.Source));
        Assert.NotEqual(Rust.Float(0.1, "a", bench.Source), Rust.Float(0.2, "a", bench.Source));
    }

    // "Generic only when a key + convert is supplied"; here each set of type arguments has its cache.
    [Fact]
    public void Generic_functions()
    {
        using var bench = new Bench();
        Assert.Equal(("1#1", "1#2", "1#1"), (Rust.Generic(1, bench.Source), Rust.Generic("1", bench.Source), Rust.Generic(1, bench.Source)));
    }
}
