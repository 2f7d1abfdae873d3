namespace Memoize.Sqlite.Engine;

/// <summary>
/// How a file looks that nobody writes to: it has no log. SQLite makes files beside one that it reads, and where it may not, it reads one
/// that nobody changes all the same. Whether that is still so is looked at before each use.
/// </summary>
internal sealed record FrozenFile(DateTime Written, long Length)
{
    /// <summary>The look of a file now; null if there is a log, so that somebody writes to it, or did and could not finish.</summary>
    internal static FrozenFile? Of(string path)
    {
        var log = new FileInfo(path + "-wal");
        if (log.Exists && log.Length > 0)
            return null;
        var file = new FileInfo(path);
        return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : null;
    }
}
