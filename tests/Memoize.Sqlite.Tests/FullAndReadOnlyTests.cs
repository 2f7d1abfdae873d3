using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>
/// Disks that are full and files that may not be written, as the operating system makes them, on Linux: for root on a file system of its own, and
/// the full ones for everybody with the answers of one.
/// </summary>
public sealed class FullAndReadOnlyTests : IDisposable
{
    private readonly TestLog _messages = new();
    private SmallDisk? _disk;

    public void Dispose() => _disk?.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_disk_is_no_exception_and_what_is_stored_stays_readable(bool mounted)
    {
        Mount(mounted, 4);
        using var cache = Open();
        for (var i = 0; i < 200; i++)
            cache.Set("k" + i, Payload.Of("k" + i, i, 50_000), TestFile.Forever);
        var statistics = cache.GetStatistics();
        Assert.True(statistics.NotStored[SqliteFailure.Full] > 100);
        Assert.Equal(200, statistics.Stored + statistics.NotStored.Values.Sum());
        var readable = Enumerable.Range(0, 200).Count(i => cache.Get("k" + i) is { } value && Payload.IsOf("k" + i, value));
        Assert.Equal(statistics.Entries, readable);
        Assert.InRange(readable, 10, 199);
        AssertTold("written (Full): database or disk is full (SQLite error 13). Make room on its disk or in the quota, or lower MaxBytes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_there_is_room_again_it_stores_again(bool mounted)
    {
        Mount(mounted, 4);
        using var cache = Open();
        cache.Set("a", [1], TestFile.Forever);
        _disk!.Fill();
        for (var i = 0; i < 50; i++)
            cache.Set("k" + i, new byte[100_000], TestFile.Forever);
        Assert.NotEmpty(cache.GetStatistics().NotStored);
        _disk!.Empty();
        StoresAgain(cache);
        Assert.Empty(await cache.CheckIntegrityAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_rolled_back_for_want_of_room_is_as_if_it_had_not_been(bool mounted)
    {
        Mount(mounted, 4);
        using var cache = Open(retryAfter: 0);
        for (var i = 0; i < 3; i++)
            cache.Set("large" + i, Payload.Of("large" + i, i, 100_000), TestFile.Forever);
        _disk!.Fill();
        // Each gives slots back, and puts something on a shelf of its own.
        for (var i = 0; i < 3; i++)
            cache.Set("large1", new byte[3_000], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        Assert.NotEqual(0, cache.GetStatistics().NotStored[SqliteFailure.Full]);
        _disk!.Empty();
        StoresAgain(cache);
        cache.Set("large1", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        Assert.Empty(await cache.CheckIntegrityAsync());
        Assert.True(Payload.IsOf("large2", cache.Get("large2")!));
        Assert.Equal([SqliteFailure.Full], cache.GetStatistics().Failures.Keys);
        using var connection = Connection.Open(cache.File, readOnly: true, 1_000);
        Assert.Equal((1, 0), (PlaceTests.OnShelves(connection), PlaceTests.Unknown(connection)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_removed_is_served_no_more_and_removed_later(bool mounted)
    {
        Mount(mounted, 4);
        using var cache = Open();
        cache.Set("a", [1], TestFile.Forever);
        cache.Set("b", [1], TestFile.Forever);
        cache.Set("prefix:c", [1], TestFile.Forever);
        cache.Set("kept", [1], TestFile.Forever);
        _disk!.Fill();
        cache.Remove("a");
        cache.Set("b", [2], TestFile.Forever);
        Assert.Equal(0, await cache.RemoveByPrefixAsync("prefix:"));
        Assert.Null(cache.Get("a"));
        Assert.Null(cache.Get("b"));
        Assert.Null(cache.Get("prefix:c"));
        Assert.Equal([1], cache.Get("kept"));
        Assert.Equal(3, cache.GetStatistics().NotStored.Values.Sum());

        _disk!.Empty();
        StoresAgain(cache);
        using var other = Open();
        Assert.Null(other.Get("a"));
        Assert.Null(other.Get("b"));
        Assert.Null(other.Get("prefix:c"));
        Assert.Equal([1], other.Get("kept"));
    }

    [Fact]
    public void A_file_that_is_read_only_from_the_beginning_is_misses_or_values_and_works_when_it_is_not()
    {
        Mount(true, 4);
        var disk = (MountedDisk)_disk!;
        using (var cache = Open())
            cache.Set("a", [1], TestFile.Forever);
        disk.MakeReadOnly(true);
        using var readOnly = Open();
        Assert.True(readOnly.Get("a") is null or [1]);
        for (var i = 0; i < 20; i++)
            readOnly.Set("b", [1], TestFile.Forever);
        Assert.Null(readOnly.Get("b"));
        Assert.Equal(20, readOnly.GetStatistics().NotStored[SqliteFailure.ReadOnly]);
        AssertTold("written (ReadOnly): the file may not be written. Let this user write to the file and its folder, or set File to a place where it may");
        disk.MakeReadOnly(false);
        StoresAgain(readOnly);
        Assert.Equal([1], readOnly.Get("a"));
    }

    [Fact]
    public async Task A_disk_that_is_read_only_is_not_waited_for_as_for_another_process()
    {
        Mount(true, 4);
        using (var cache = Open())
            await cache.SetAsync("a", [1], TestFile.Forever, TestContext.Current.CancellationToken);
        ((MountedDisk)_disk!).MakeReadOnly(true);
        using var readOnly = new SqliteCache(new() { File = Path.Combine(_disk.Folder, "cache.db"), BusyTimeout = 60_000 }, _messages);
        var used = Task.Run(() =>
        {
            _ = readOnly.Get("a");
            readOnly.Set("b", [1], TestFile.Forever);
        }, TestContext.Current.CancellationToken);
        await used.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(1, readOnly.GetStatistics().NotStored[SqliteFailure.ReadOnly]);
    }

    [Fact]
    public void A_file_that_this_user_may_not_write_is_told_once_and_read()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Root may write everything.");
            return;
        }
        using var file = new TestFile();
        using (var cache = file.Open())
            cache.Set("a", [1], TestFile.Forever);
        foreach (var path in Directory.GetFiles(file.Folder))
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        File.SetUnixFileMode(file.Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using var cache = new SqliteCache(new() { File = file.Path, RetryAfter = 200 }, _messages);
            for (var i = 0; i < 20; i++)
                cache.Set("b", [1], TestFile.Forever);
            Assert.Equal([1], cache.Get("a"));
            AssertTold("written (ReadOnly): the file may not be written. Let this user write to the file and its folder, or set File to a place where it may", file.Path);
        }
        finally
        {
            File.SetUnixFileMode(file.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_disk_at_the_first_use_is_a_store_without_a_file_until_there_is_room(bool mounted)
    {
        Mount(mounted, 1);
        _disk!.Fill();
        using var cache = Open();
        Assert.Null(cache.Get("a"));
        cache.Set("a", [1], TestFile.Forever);
        Assert.Null(cache.Get("a"));
        _disk!.Empty();
        StoresAgain(cache);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_costs_nothing_once_it_is_known(bool mounted)
    {
        Mount(mounted, 4);
        using var cache = Open(retryAfter: 60_000);
        cache.Set("a", [1], TestFile.Forever);
        _disk!.Fill();
        var more = new byte[50_000];
        for (var i = 0; i < 1_001; i++)
            cache.Set("a", more, TestFile.Forever);
        // The disk was asked once.
        Assert.Equal(1, cache.GetStatistics().Failures.Values.Sum());
        Assert.Equal(1_001, cache.GetStatistics().NotStored[SqliteFailure.Full]);
        Assert.Single(_messages.All);
    }

    private void AssertTold(string what, string? file = null)
        => Assert.Equal($"Warning: The cache file {file ?? Path.Combine(_disk!.Folder, "cache.db")} cannot be {what}. Calls go on without it, and it is tried again soon", Assert.Single(_messages.All));

    private void Mount(bool mounted, int megabytes) => _disk = SmallDisk.Make(mounted, megabytes);

    private SqliteCache Open(int retryAfter = 200)
        => new(new() { File = Path.Combine(_disk!.Folder, "cache.db"), RetryAfter = retryAfter }, _messages);

    private static void StoresAgain(SqliteCache cache)
        => Assert.True(SpinWait.SpinUntil(() =>
        {
            cache.Set("again", [3], TestFile.Forever);
            return cache.Get("again") is [3];
        }, 60_000));
}
