namespace Memoize.Sqlite;

/// <summary>Why the store could not do what it was asked for.</summary>
public enum SqliteFailure
{
    /// <summary>Another process wrote for longer than <see cref="SqliteCacheOptions.BusyTimeout"/>.</summary>
    Busy,

    /// <summary>The disk is full, or a quota is used up.</summary>
    Full,

    /// <summary>The file, its folder or its file system may not be written.</summary>
    ReadOnly,

    /// <summary>The file, or one value in it, is damaged: truncated, overwritten, or with flipped bits.</summary>
    Damaged,

    /// <summary>The file is not a store of this version: another application's database, another version's, or no database at all.</summary>
    Foreign,

    /// <summary>The file cannot be opened, read or written for another reason: no rights, no such device, out of memory.</summary>
    Unavailable,

    /// <summary>The value is larger than half of <see cref="SqliteCacheOptions.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>The store was disposed.</summary>
    Disposed,
}
