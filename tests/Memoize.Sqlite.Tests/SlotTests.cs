using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>Large values in slots of their own file: taken and given back, torn and put together.</summary>
public sealed class SlotTests : IDisposable
{
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Slots_are_taken_and_given_back_in_any_order_and_the_file_does_not_grow_beyond_its_bound()
    {
        const long bound = 8 << 20;
        using var cache = _file.Open(maxBytes: bound);
        var random = new Random(3);
        var expected = new Dictionary<string, int>();
        for (var i = 0; i < 600; i++)
        {
            var key = "k" + random.Next(40);
            if (random.Next(3) == 0)
            {
                cache.Remove(key);
                expected.Remove(key);
            }
            else
            {
                var size = random.Next(60_000, random.Next(2) == 0 ? 100_000 : 600_000);
                cache.Set(key, Payload.Of(key, i, size), TestFile.Forever);
                expected[key] = size;
            }
            if (i % 50 == 0)
                Assert.Empty(await cache.CheckIntegrityAsync());
        }
        var found = 0;
        foreach (var (key, size) in expected)
        {
            if (cache.Get(key) is not { } value)
                continue;
            Assert.True(Payload.IsOf(key, value) && value.Length == size);
            found++;
        }
        Assert.InRange(found, 10, 40);
        Assert.Empty(cache.GetStatistics().Failures);
        Assert.InRange(new FileInfo(_file.Path + "-values").Length, 1, bound * 3 / 2);
        cache.Clear();
        Assert.Empty(await cache.CheckIntegrityAsync());
        Assert.InRange(cache.GetStatistics().Bytes, 1, 1 << 20);
    }

    [Fact]
    public async Task Where_there_is_no_gap_for_a_value_it_is_put_into_several()
    {
        using var cache = _file.Open(maxBytes: 4 << 20);
        for (var i = 0; i < 30; i++)
            cache.Set("k" + i, new byte[100_000], TestFile.Forever);
        for (var i = 0; i < 30; i += 2)
            cache.Remove("k" + i);
        var length = new FileInfo(_file.Path + "-values").Length;
        var value = Payload.Of("large", 1, 1_300_000);
        cache.Set("large", value, TestFile.Forever);
        Assert.Equal(value, cache.Get("large"));
        Assert.InRange(new FileInfo(_file.Path + "-values").Length, length, 4 << 20);
        Assert.Empty(await cache.CheckIntegrityAsync());
    }

    [Fact]
    public void What_is_given_back_in_a_transaction_is_not_taken_in_it()
    {
        using (var cache = _file.Open())
            cache.Set("a", new byte[100_000], TestFile.Forever);
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        connection.Execute("BEGIN IMMEDIATE");
        connection.Slots.Return(Slots.Used(connection));
        Assert.Equal(0, connection.Slots.Taken);
        Assert.Equal([new Run(7, 7)], connection.Slots.Take(7, 1_000));
        connection.Slots.Settle();
        connection.Execute("COMMIT");
        Assert.Equal([new Run(0, 3)], connection.Slots.Take(3, 1_000));
    }

    [Fact]
    public void Who_clears_and_stores_in_one_transaction_keeps_what_he_stores()
    {
        using (var cache = _file.Open())
            cache.Set("a", new byte[3_000_000], TestFile.Forever);
        using var connection = Connection.Open(_file.Path, readOnly: false, 1_000);
        connection.Execute("BEGIN IMMEDIATE");
        Removals.All(connection);
        var key = new StoreKey("b"u8);
        EntryWriter.Write(connection, key, new(Payload.Of("b", 1, 100_000)), new(Deadline.Never, 0, Deadline.Never), 0, new(TimeProvider.System), 2 << 20);
        Assert.Equal(7, connection.Slots.Taken);
        Assert.True(new Culling(2 << 20, new(TimeProvider.System)).Step(connection, 0));
        connection.Slots.Settle();
        connection.Execute("COMMIT");
        Assert.Equal([new Run(184, 7)], Slots.Used(connection));
        using var again = _file.Open();
        Assert.True(Payload.IsOf("b", again.Get("b")!));
        Assert.Null(again.Get("a"));
    }

    [Fact]
    public void A_value_that_is_replaced_while_it_is_read_is_one_or_the_other()
    {
        using var cache = _file.Open(maxBytes: 2 << 20);
        using var reader = _file.Open(maxBytes: 2 << 20);
        cache.Set("a", Payload.Of("a", 0, 300_000), TestFile.Forever);
        var (stop, wrong, read) = (false, 0, 0);
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                if (reader.Get("a") is not { } value)
                    continue;
                Interlocked.Add(ref wrong, Payload.IsOf("a", value) ? 0 : 1);
                Interlocked.Increment(ref read);
            }
        });
        thread.Start();
        for (var i = 1; i < 1_000 || Volatile.Read(ref read) < 100; i++)
            cache.Set("a", Payload.Of("a", i, 300_000), TestFile.Forever);
        Volatile.Write(ref stop, true);
        thread.Join();
        Assert.Equal(0, wrong);
        Assert.Empty(reader.GetStatistics().Failures);
    }
}
