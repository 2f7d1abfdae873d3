using System.Diagnostics;

namespace Memoize.Sqlite.Tests;

/// <summary>A folder on a disk of a few megabytes.</summary>
internal abstract class SmallDisk : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("memoize-disk-").FullName;

    /// <summary>Makes one, or skips the test where it cannot be had.</summary>
    /// <param name="mounted">A file system of that size, which takes root; else one that SQLite is told is full.</param>
    /// <param name="megabytes">Its size.</param>
    public static SmallDisk Make(bool mounted, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "It takes Linux to have a disk that is full.");
        return mounted ? new MountedDisk(megabytes) : new PretendedDisk(megabytes);
    }

    /// <summary>Uses up what is left.</summary>
    public abstract void Fill();

    /// <summary>Gives back what <see cref="Fill"/> has used up.</summary>
    public abstract void Empty();

    public virtual void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A file system in memory.</summary>
internal sealed class MountedDisk : SmallDisk
{
    public MountedDisk(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder) == 0)
            return;
        Directory.Delete(Folder);
        Assert.Skip("No file system can be mounted here: that takes Linux and root.");
    }

    public override void Fill() => Run("dd", "if=/dev/zero", "of=" + Path.Combine(Folder, "ballast"), "bs=4096", "status=none");

    public override void Empty() => File.Delete(Path.Combine(Folder, "ballast"));

    public void MakeReadOnly(bool readOnly) => Assert.Equal(0, Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Folder));

    public override void Dispose()
    {
        Run("umount", Folder);
        base.Dispose();
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
}
