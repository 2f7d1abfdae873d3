using Memoize.Integration.Library;
using Memoize.Integration.Tests.Peers;

namespace Memoize.Integration.Tests.AcrossAssemblies;

/// <summary>Entries of a library's methods: evicted and updated by its own methods when these are called from here, and by methods of this assembly.</summary>
[Collection(nameof(Isolated))]
public sealed class InvalidationTests : IDisposable
{
    private readonly Bench bench = new();
    private readonly Stock stock = new();
    private readonly Accounts accounts;
    private readonly Office office;

    public InvalidationTests()
    {
        accounts = new(stock);
        office = new(stock);
    }

    [Fact]
    public void A_library_evicts_what_it_caches_when_it_is_called_from_here()
    {
        Assert.Equal(("1#1", "2#2"), (accounts.Find(1), accounts.Find(2)));
        accounts.Close(1);
        Assert.Equal(("1#4", "2#2"), (accounts.Find(1), accounts.Find(2)));
    }

    [Fact]
    public async Task A_partial_method_of_the_library_evicts_however_it_is_called()
    {
        Assert.Equal("1#1", await accounts.FindAsync(1));
        var desk = new AccountDesk(stock);
        await (Task)typeof(AccountDesk).GetMethod(nameof(AccountDesk.CloseAsync))!.Invoke(desk, [1])!;
        Assert.Equal("1#3", await accounts.FindAsync(1));
    }

    [Fact]
    public void A_method_of_this_assembly_evicts_from_the_library()
    {
        Assert.Equal(("1#1", "2#2"), (accounts.Find(1), accounts.Find(2)));
        office.Close(new Holder(1, "eu"));
        Assert.Equal(("1#3", "2#2"), (accounts.Find(1), accounts.Find(2)));
    }

    [Fact]
    public async Task A_method_of_this_assembly_that_fails_evicts_nothing_from_the_library()
    {
        Assert.Equal("1#1", await accounts.FindAsync(1));
        await Assert.ThrowsAsync<ArgumentException>(() => office.CloseAsync(1, ""));
        Assert.Equal("1#1", await accounts.FindAsync(1));
        await office.CloseAsync(1, "moved");
        Assert.Equal("1#2", await accounts.FindAsync(1));
    }

    [Fact]
    public async Task An_eviction_from_here_wins_over_a_load_of_the_library_that_is_under_way()
    {
        var opened = new TaskCompletionSource();
        stock.Gate = opened.Task;
        var before = accounts.FindAsync(1);
        await office.CloseAsync(1, "moved");
        stock.Gate = Task.CompletedTask;
        Assert.Equal("1#2", await accounts.FindAsync(1));
        opened.SetResult();
        Assert.Equal("1#1", await before);
        Assert.Equal("1#2", await accounts.FindAsync(1));
    }

    [Fact]
    public void All_entries_of_the_library_go_where_nothing_can_be_matched()
    {
        accounts.Find(1);
        accounts.Find(2);
        office.CloseAll();
        Assert.Equal(("1#3", "2#4"), (accounts.Find(1), accounts.Find(2)));
    }

    [Fact]
    public void Before_evicts_from_the_library_even_where_the_method_fails()
    {
        AccountsCache.Find.Set(-1, "old");
        Assert.Throws<ArgumentOutOfRangeException>(() => accounts.Freeze(-1));
        Assert.Equal("-1#1", accounts.Find(-1));

        Assert.Throws<InvalidOperationException>(() => office.Audit(-1));
        Assert.Equal("-1#2", accounts.Find(-1));
    }

    [Fact]
    public void Updates_of_both_assemblies_store_what_they_return()
    {
        accounts.Find(1);
        Assert.Equal("Ada 1#2", accounts.Rename(new Holder(1, "eu"), "Ada"));
        Assert.Equal("Ada 1#2", accounts.Find(1));
        Assert.Equal("Bob 1#3", office.Rename(1, "Bob"));
        Assert.Equal("Bob 1#3", accounts.Find(1));
    }

    [Fact]
    public void Tags_of_the_library_are_evicted_from_here()
    {
        accounts.Report("eu", 1);
        accounts.Report("us", 1);
        office.RegionChanged(new Holder(1, "eu"));
        Assert.Equal(("eu1#3", "us1#2"), (accounts.Report("eu", 1), accounts.Report("us", 1)));
        Assert.Equal(1, Memo.EvictTag($"region:{"us"}"));
        Assert.Equal(("eu1#3", "us1#4"), (accounts.Report("eu", 1), accounts.Report("us", 1)));
        Assert.Equal(2, Memo.EvictTag("reports"));
    }

    [Fact]
    public void EvictWhere_of_the_library_s_handle_takes_a_part_of_the_key()
    {
        foreach (var year in new[] { 1, 2, 3 })
        {
            accounts.Report("eu", year);
            accounts.Report("us", year);
        }

        Assert.Equal(3, AccountsCache.Report.EvictWhere("eu"));
        Assert.Equal(("eu1#7", "us1#2"), (accounts.Report("eu", 1), accounts.Report("us", 1)));
    }

    public void Dispose() => bench.Dispose();
}

/// <summary>Methods that write, in another assembly than those that remember.</summary>
internal sealed class Office(Stock stock)
{
    [Evicts(typeof(Accounts), nameof(Accounts.Find), Map = ["id = holder.Id"])]
    public void Close(Holder holder) => ArgumentNullException.ThrowIfNull(holder);

    [Evicts(typeof(Accounts), nameof(Accounts.FindAsync))]
    public async Task CloseAsync(int id, string reason)
    {
        await Task.Yield();
        ArgumentException.ThrowIfNullOrEmpty(reason);
    }

    [Evicts(typeof(Accounts), nameof(Accounts.Find), All = true)]
    public void CloseAll()
    {
    }

    [Evicts(typeof(Accounts), nameof(Accounts.Find), Before = true)]
    public void Audit(int id)
    {
        if (id < 0)
            throw new InvalidOperationException();
    }

    [Updates(typeof(Accounts), nameof(Accounts.Find))]
    public string Rename(int id, string name) => stock.Read($"{name} {id}");

    [EvictsTag("region:{holder.Region}")]
    public void RegionChanged(Holder holder) => ArgumentNullException.ThrowIfNull(holder);
}
