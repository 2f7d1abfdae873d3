namespace Memoize.Sqlite.Tests;

/// <summary>A full disk for who may mount none: the device of Linux that always is.</summary>
public sealed class FullDeviceTests : IDisposable
{
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_does_not_fit_is_no_exception_is_counted_and_takes_the_old_value_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes Linux to have a full device.");
        using (var before = _file.Open())
        {
            before.Set("kept", [1], TestFile.Forever);
            before.Set("replaced", [1], TestFile.Forever);
        }
        File.CreateSymbolicLink(_file.Path + "-values", "/dev/full");
        using (var full = _file.Open(retryAfter: 0))
        {
            full.Set("replaced", new byte[100_000], TestFile.Forever);
            await full.SetAsync("new", new byte[100_000], TestFile.Forever);
            Assert.Equal(2, full.GetStatistics().NotStored[SqliteFailure.Full]);
            Assert.Null(full.Get("replaced"));
            Assert.Null(full.Get("new"));
            Assert.Equal([1], full.Get("kept"));
            full.Set("small", [2], TestFile.Forever);
            Assert.Equal([2], full.Get("small"));
            Assert.Empty(await full.CheckIntegrityAsync());
        }

        File.Delete(_file.Path + "-values");
        using var after = _file.Open();
        Assert.Null(after.Get("replaced"));
        after.Set("replaced", new byte[100_000], TestFile.Forever);
        Assert.Equal(100_000, after.Get("replaced")!.Length);
        Assert.Empty(await after.CheckIntegrityAsync());
    }
}
