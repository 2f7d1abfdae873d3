using Memoize.Integration.Library;
using Memoize.Tests.Tiers;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What Spring's reference promises ("Cache Abstraction", "Declarative Annotation-based Caching"); its words stand above each test.</summary>
[Collection(nameof(Isolated))]
public sealed class SpringPromises
{
    // @Cacheable: on subsequent invocations (with the same arguments), the value is returned without having to invoke the method.
    [Fact]
    public void Cacheable()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal(("1#1", "1#1", "2#2"), (books.Find(1), books.Find(1), books.Find(2)));
    }

    // Default key: no parameter, one parameter, all parameters; with equals() and not only hashCode() (SPR-10237).
    [Fact]
    public void Default_keys()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal((books.All(), books.Of(1, "a")), (books.All(), books.Of(1, "a")));
        Assert.NotEqual(books.Of(1, "a"), books.Of(2, "a"));
        Assert.NotEqual(books.Of(1, "a"), books.Of(1, "b"));
        Assert.NotEqual(books.ByShelf(new(1)), books.ByShelf(new(2)));
        Assert.Equal(6, bench.Source.Runs);
    }

    // key="#isbn": pick the arguments of interest.
    [Fact]
    public void A_key_of_some_arguments()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal(books.ByIsbn(new("1-2", 12), true), books.ByIsbn(new("1-2", 12), false));
        Assert.Equal(1, bench.Source.Runs);
    }

    // key="#isbn.rawNumber": or their nested properties.
    [Fact]
    public void A_key_of_a_nested_property()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal(books.ByNumber(new("1-2", 12)), books.ByNumber(new("12", 12)));
        Assert.NotEqual(books.ByNumber(new("1-2", 12)), books.ByNumber(new("1-2", 13)));
    }

    // sync: only one thread is busy computing the value, while the others are blocked until the entry is updated.
    [Fact]
    public void Sync()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        using var entered = new CountdownEvent(1);
        using var open = new ManualResetEventSlim();
        var calls = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => books.Slowly(1, entered, open), TaskCreationOptions.LongRunning)).ToArray();
        entered.Wait();
        open.Set();
        Assert.All(calls, call => Assert.Equal("1#1", call.GetAwaiter().GetResult()));
    }

    // condition: if it is false, it behaves as if the method is not cached.
    [Fact]
    public void Condition()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal(books.ByName("short"), books.ByName("short"));
        var tooLong = new string('x', 40);
        Assert.NotEqual(books.ByName(tooLong), books.ByName(tooLong));
    }

    // unless: vetoes the adding of a value to the cache, evaluated after the method; the result is the entity, never its wrapper.
    [Fact]
    public async Task Unless()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.NotEqual(await books.Copy("hardback"), await books.Copy("hardback"));
        Assert.Equal(await books.Copy("paperback"), await books.Copy("paperback"));
    }

    // Optional return types: if a value is not present, null is stored.
    [Fact]
    public void Optional()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Null(books.Perhaps(-1));
        Assert.Null(books.Perhaps(-1));
        Assert.Equal(1, bench.Source.Runs);
        bench.Pass(11);
        Assert.Null(books.Perhaps(-1));
        Assert.Equal(2, bench.Source.Runs);
    }

    // @CachePut: the method is always invoked and its result is placed into the cache.
    [Fact]
    public void CachePut()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        Assert.Equal("new 1#2", books.Update(1, "new"));
        Assert.Equal("newer 1#3", books.Update(1, "newer"));
        Assert.Equal("newer 1#3", books.Find(1));
    }

    // @CacheEvict: methods that act as triggers for removing data from the cache, also void ones.
    [Fact]
    public void CacheEvict()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        books.Find(2);
        books.Delete(1);
        Assert.Equal(("1#3", "2#2"), (books.Find(1), books.Find(2)));
    }

    // allEntries: a cache-wide eviction.
    [Fact]
    public void CacheEvict_allEntries()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        books.Find(2);
        books.Load();
        Assert.Equal(("1#3", "2#4"), (books.Find(1), books.Find(2)));
    }

    // Once the method completes successfully the eviction is run; if an exception is thrown, the eviction does not occur.
    [Fact]
    public void CacheEvict_after_success()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        Assert.Throws<InvalidOperationException>(() => books.Delete(1, "reserved"));
        Assert.Equal("1#1", books.Find(1));
    }

    // beforeInvocation: the eviction always occurs before the method is invoked, not tied to its outcome.
    [Fact]
    public void CacheEvict_beforeInvocation()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        Assert.Throws<InvalidOperationException>(() => books.DeleteAtOnce(1, "reserved"));
        Assert.Equal("1#2", books.Find(1));
    }

    // @Caching: regroups multiple cache operations to be applied on a method.
    [Fact]
    public void Caching()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        books.Find(1);
        books.All();
        books.Import(1);
        Assert.Equal(("1#3", "all#4"), (books.Find(1), books.All()));
    }

    // @CacheConfig: three levels of customizations: globally, at the class level, at the operation level.
    [Fact]
    public void CacheConfig()
    {
        using var bench = new Bench();
        Shelf.Usual(1, bench.Source);
        Shelf.Special(1, bench.Source);
        bench.Pass(15);
        Assert.Equal(("1#3", "1#2"), (Shelf.Usual(1, bench.Source), Shelf.Special(1, bench.Source)));
    }

    // @EnableCaching: you can disable it by removing only one line rather than all the annotations in your code.
    [Fact]
    public void One_switch_for_all()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Memo.Enabled = false;
        Assert.Equal(("1#1", "1#2"), (books.Find(1), books.Find(1)));
        Memo.Enabled = true;
        Assert.Equal(("1#3", "1#3"), (books.Find(1), books.Find(1)));
    }

    // "Self-invocation does not lead to actual caching in proxy mode; consider aspectj." Here it does.
    [Fact]
    public void Self_invocation()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        Assert.Equal("1#1 1#1", books.Twice(1));
    }

    // "Apply the annotations only to methods with public visibility; use aspectj for others." Here any visibility will do.
    [Fact]
    public void Methods_that_are_not_public()
    {
        using var bench = new Bench();
        Assert.Equal("1#1 1#1", new Books(bench.Source).TwiceHidden(1));
    }

    // You can place the annotation on an interface; proxies are put before the beans.
    [Fact]
    public void Annotated_interfaces()
    {
        using var bench = new Bench();
        using var provider = new ServiceCollection().AddSingleton(bench.Source).AddSingleton<ILibrarian, Librarian>().AddMemoize().BuildServiceProvider();
        var librarian = provider.GetRequiredService<ILibrarian>();
        Assert.Equal(("1#1", "1#1"), (librarian.Ask(1), librarian.Ask(1)));
    }

    // XML declaration: caching for classes whose sources are not available or must not be touched.
    [Fact]
    public void Interfaces_whose_source_is_not_yours()
    {
        using var bench = new Bench();
        var foreign = new Foreign(bench.Source);
        IFormatProvider provider = new CachedFormatProvider(foreign);
        Assert.Equal(provider.GetFormat(typeof(int)), provider.GetFormat(typeof(int)));
        Assert.Equal(1, bench.Source.Runs);
    }

    // Supported for CompletableFuture and reactive results: the value is cached when it is there, and a failure is not.
    [Fact]
    public async Task Futures()
    {
        using var bench = new Bench();
        var books = new Books(bench.Source);
        bench.Source.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => books.FindAsync(1));
        bench.Source.Fails = false;
        Assert.Equal(("1#2", "1#2"), (await books.FindAsync(1), await books.FindAsync(1)));
    }

    // CacheErrorHandler: what happens when the cache fails. Here a call never fails because of a cache.
    [Fact]
    public async Task A_cache_that_fails()
    {
        using var tiered = new Tiered(new TestStore { Failure = new IOException("down") });
        Assert.Equal("1#1", await BooksElsewhere.FindAsync(1, tiered.Source));
        Assert.Equal("1#1", await BooksElsewhere.FindAsync(1, tiered.Source));
        await BooksElsewhereCache.FindAsync.EvictAsync(1);
        Assert.Equal("1#2", await BooksElsewhere.FindAsync(1, tiered.Source));
    }

    // The abstraction allows various caching providers to be plugged in, with minimal impact on the code.
    [Fact]
    public async Task Different_stores_behind_one_annotation()
    {
        foreach (var store in new[] { new TestStore(), new LeasingStore(), (TestStore)new BusStore() })
        {
            using var tiered = new Tiered(store);
            await BooksElsewhere.FindAsync(1, tiered.Source);
            await Tiered.FlushAndRestart();
            Assert.Equal("1#1", await BooksElsewhere.FindAsync(1, tiered.Source));
        }
    }

    // Dealing with caches without a backing store: the no-op cache, instead of an exception.
    [Fact]
    public async Task A_store_that_is_not_there()
    {
        var source = new Stock();
        Assert.Equal("7#1", await BooksElsewhere.FindAsync(7, source));
        Assert.Equal("7#1", await BooksElsewhere.FindAsync(7, source));
    }
}
