using System.Diagnostics;
using Memoize.Sqlite.Engine;
using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite.Tests;

/// <summary>Disks that are full and files that may not be written, as the operating system makes them: for root, on Linux.</summary>
public sealed class FullAndReadOnlyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memoize-mount-").FullName;
    private readonly Messages _messages = new();

    public void Dispose()
    {
        Run("umount", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_full_disk_is_no_exception_and_what_is_stored_stays_readable()
    {
        Mount(4);
        using var cache = Open();
        for (var i = 0; i < 200; i++)
            cache.Set("k" + i, Payload.Of("k" + i, i, 50_000), TestFile.Forever);
        var statistics = cache.GetStatistics();
        Assert.True(statistics.NotStored[SqliteFailure.Full] > 100);
        Assert.Equal(200, statistics.Stored + statistics.NotStored.Values.Sum());
        var readable = Enumerable.Range(0, 200).Count(i => cache.Get("k" + i) is { } value && Payload.IsOf("k" + i, value));
        Assert.Equal(statistics.Entries, readable);
        Assert.InRange(readable, 10, 199);
        Assert.Single(_messages.All, message => message.Contains("Full", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_there_is_room_again_it_stores_again()
    {
        Mount(4);
        using var cache = Open();
        cache.Set("a", [1], TestFile.Forever);
        Fill();
        for (var i = 0; i < 50; i++)
            cache.Set("k" + i, new byte[100_000], TestFile.Forever);
        Assert.NotEmpty(cache.GetStatistics().NotStored);
        Empty();
        StoresAgain(cache);
        Assert.Empty(await cache.CheckIntegrityAsync());
    }

    [Fact]
    public async Task What_was_rolled_back_for_want_of_room_is_as_if_it_had_not_been()
    {
        Mount(4);
        using var cache = Open(retryAfter: 0);
        for (var i = 0; i < 3; i++)
            cache.Set("large" + i, Payload.Of("large" + i, i, 100_000), TestFile.Forever);
        Fill();
        // Each gives slots back, and puts something on a shelf of its own.
        for (var i = 0; i < 3; i++)
            cache.Set("large1", new byte[3_000], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        Assert.NotEqual(0, cache.GetStatistics().NotStored[SqliteFailure.Full]);
        Empty();
        StoresAgain(cache);
        cache.Set("large1", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        Assert.Empty(await cache.CheckIntegrityAsync());
        Assert.True(Payload.IsOf("large2", cache.Get("large2")!));
        Assert.Equal([SqliteFailure.Full], cache.GetStatistics().Failures.Keys);
        using var connection = Connection.Open(cache.File, readOnly: true, 1_000);
        Assert.Equal((1, 0), (PlaceTests.OnShelves(connection), PlaceTests.Unknown(connection)));
    }

    [Fact]
    public async Task What_could_not_be_removed_is_served_no_more_and_removed_later()
    {
        Mount(4);
        using var cache = Open();
        cache.Set("a", [1], TestFile.Forever);
        cache.Set("b", [1], TestFile.Forever);
        cache.Set("prefix:c", [1], TestFile.Forever);
        cache.Set("kept", [1], TestFile.Forever);
        Fill();
        cache.Remove("a");
        cache.Set("b", [2], TestFile.Forever);
        Assert.Equal(0, await cache.RemoveByPrefixAsync("prefix:"));
        Assert.Null(cache.Get("a"));
        Assert.Null(cache.Get("b"));
        Assert.Null(cache.Get("prefix:c"));
        Assert.Equal([1], cache.Get("kept"));
        Assert.Equal(3, cache.GetStatistics().NotStored.Values.Sum());

        Empty();
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
        Mount(4);
        using (var cache = Open())
            cache.Set("a", [1], TestFile.Forever);
        Assert.Equal(0, Run("mount", "-o", "remount,ro", _folder));
        using var readOnly = Open();
        Assert.True(readOnly.Get("a") is null or [1]);
        readOnly.Set("b", [1], TestFile.Forever);
        Assert.Null(readOnly.Get("b"));
        Assert.Equal(1, readOnly.GetStatistics().NotStored.Values.Sum());
        Assert.Equal(0, Run("mount", "-o", "remount,rw", _folder));
        StoresAgain(readOnly);
        Assert.Equal([1], readOnly.Get("a"));
    }

    [Fact]
    public void A_full_disk_at_the_first_use_is_a_store_without_a_file_until_there_is_room()
    {
        Mount(1);
        Fill();
        using var cache = Open();
        Assert.Null(cache.Get("a"));
        cache.Set("a", [1], TestFile.Forever);
        Assert.Null(cache.Get("a"));
        Empty();
        StoresAgain(cache);
    }

    [Fact]
    public void A_failure_costs_nothing_once_it_is_known()
    {
        Mount(4);
        using var cache = Open(retryAfter: 60_000);
        cache.Set("a", [1], TestFile.Forever);
        Fill();
        var more = new byte[50_000];
        for (var i = 0; i < 1_001; i++)
            cache.Set("a", more, TestFile.Forever);
        // The disk was asked once.
        Assert.Equal(1, cache.GetStatistics().Failures.Values.Sum());
        Assert.Equal(1_001, cache.GetStatistics().NotStored[SqliteFailure.Full]);
        Assert.Single(_messages.All);
    }

    private SqliteCache Open(int retryAfter = 200)
        => new(new() { File = Path.Combine(_folder, "cache.db"), RetryAfter = retryAfter }, _messages);

    private static void StoresAgain(SqliteCache cache)
        => Assert.True(SpinWait.SpinUntil(() =>
        {
            cache.Set("again", [3], TestFile.Forever);
            return cache.Get("again") is [3];
        }, 60_000));

    private void Fill() => Run("dd", "if=/dev/zero", "of=" + Path.Combine(_folder, "ballast"), "bs=4096", "status=none");

    private void Empty() => File.Delete(Path.Combine(_folder, "ballast"));

    private void Mount(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder) != 0)
            Assert.Skip("No file system can be mounted here: that takes Linux and root.");
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private sealed class Messages : ILogger<SqliteCache>
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Enqueue(formatter(state, exception));
    }
}
