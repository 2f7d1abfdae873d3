using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memoize.Sqlite.Tests;

/// <summary>
/// A folder in which SQLite gets the answer of a full disk (ENOSPC) from the operating system's own calls, so that everything behind them is as
/// on one: SQLite lets them be replaced for tests (xSetSystemCall). What others write there is not refused,
/// and nothing is outside of the folder, so that other tests may run meanwhile.
/// </summary>
internal sealed unsafe class PretendedDisk : SmallDisk
{
    private const int NoSpace = 28;
    private static readonly ConcurrentDictionary<string, PretendedDisk> s_disks = [];
    private static readonly Lazy<bool> s_installed = new(Install);
    private static delegate* unmanaged<int, byte*, nint, nint> s_write;
    private static delegate* unmanaged<int, byte*, nint, long, nint> s_pwrite;
    private readonly long _room;
    private volatile bool _full;

    public PretendedDisk(int megabytes)
    {
        _room = (long)megabytes << 20;
        Assert.True(s_installed.Value);
        s_disks[Folder] = this;
    }

    public override void Fill() => _full = true;

    public override void Empty() => _full = false;

    public override void Dispose()
    {
        s_disks.TryRemove(Folder, out _);
        base.Dispose();
    }

    private static bool Install()
    {
        // The third version of sqlite3_vfs, by its offsets.
        var vfs = Find(null);
        var set = (delegate* unmanaged<byte*, byte*, void*, int>)((void**)vfs)[18];
        var get = (delegate* unmanaged<byte*, byte*, void*>)((void**)vfs)[19];
        fixed (byte* write = "write\0"u8, pwrite = "pwrite\0"u8, pwrite64 = "pwrite64\0"u8)
        {
            s_write = (delegate* unmanaged<int, byte*, nint, nint>)get(vfs, write);
            if (set(vfs, write, (delegate* unmanaged<int, byte*, nint, nint>)&Write) != 0)
                return false;
            // Which of these SQLite uses, if any, was decided when it was compiled.
            foreach (var name in (nint[])[(nint)pwrite, (nint)pwrite64])
            {
                var old = get(vfs, (byte*)name);
                if (old is null)
                    continue;
                s_pwrite = (delegate* unmanaged<int, byte*, nint, long, nint>)old;
                if (set(vfs, (byte*)name, (delegate* unmanaged<int, byte*, nint, long, nint>)&WriteAt) != 0)
                    return false;
            }
        }
        return true;
    }

    [UnmanagedCallersOnly]
    private static nint Write(int file, byte* bytes, nint count) => IsFull(file, -1, count) ? None() : s_write(file, bytes, count);

    [UnmanagedCallersOnly]
    private static nint WriteAt(int file, byte* bytes, nint count, long position)
        => IsFull(file, position, count) ? None() : s_pwrite(file, bytes, count, position);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint None()
    {
        Marshal.SetLastSystemError(NoSpace);
        return -1;
    }

    private static bool IsFull(int file, long position, nint count)
    {
        if (s_disks.IsEmpty || File.ResolveLinkTarget($"/proc/self/fd/{file}", returnFinalTarget: false)?.FullName is not { } path
            || !s_disks.TryGetValue(Path.GetDirectoryName(path)!, out var disk))
        {
            return false;
        }
        if (position < 0)
            position = Seek(file, 0, 1);
        // As on a disk, what has its place can be written over.
        var more = position + count - new FileInfo(path).Length;
        return more > 0 && (disk._full || new DirectoryInfo(disk.Folder).EnumerateFiles().Sum(other => other.Length) + more > disk._room);
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    private static extern byte* Find(byte* name);

    [DllImport("libc", EntryPoint = "lseek")]
    private static extern long Seek(int file, long offset, int whence);
}
