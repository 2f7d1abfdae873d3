using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Memoize.Sqlite.Engine;

/// <summary>
/// The file: opened, made, or set aside and made anew. All processes do this under one lock, which is the file beside it; in that one
/// also stands which file is the current one, so that a process whose file was set aside by another notices.
/// </summary>
internal static class StoreFile
{
    /// <summary>Opens the file, and makes it if it is not there. A file that is not a sound store is set aside first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="busyMilliseconds">How long to wait for other processes.</param>
    /// <param name="wait">Whether to wait for a process that is doing the same.</param>
    /// <param name="damaged">The birth of a file that was found damaged: if it is still there, it is set aside.</param>
    /// <param name="setAside">Called with the new name of a file that was set aside, and why.</param>
    /// <returns>The session; null if there is something to wait for, and that was not asked for.</returns>
    /// <exception cref="StoreException">It could not be opened.</exception>
    internal static Session? Open(string path, int busyMilliseconds, bool wait, long? damaged, Action<string, StoreException> setAside)
    {
        FileStream? gate = null;
        try
        {
            try
            {
                MakeFolder(path);
                gate = Lock(path, wait ? busyMilliseconds : 0);
            }
            catch (IOException error) when (!wait && IsHeld(error, path))
            {
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException && File.Exists(path))
            {
                // Nothing may be written here. What is there may still be read.
                return OpenReadOnly(path, busyMilliseconds);
            }

            try
            {
                var birth = Inspect(path, readOnly: false, busyMilliseconds);
                if (birth != damaged)
                {
                    Remember(gate, birth);
                    return new(path, birth, readOnly: false, busyMilliseconds);
                }
                SetAside(path, new(SqliteFailure.Damaged, "the file is damaged"), setAside);
            }
            catch (StoreException error) when (error.Reason is SqliteFailure.Damaged or SqliteFailure.Foreign)
            {
                SetAside(path, error, setAside);
            }
            catch (StoreException error) when (error.Reason is SqliteFailure.ReadOnly)
            {
                return OpenReadOnly(path, busyMilliseconds);
            }
            return new(path, Make(path, gate, busyMilliseconds), readOnly: false, busyMilliseconds);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException)
        {
            throw StoreException.From(error);
        }
        finally
        {
            gate?.Dispose();
        }
    }

    private static Session OpenReadOnly(string path, int busyMilliseconds)
    {
        var frozen = FrozenFile.Of(path);
        return new(path, Inspect(path, readOnly: true, busyMilliseconds, frozen is not null), readOnly: true, busyMilliseconds, frozen);
    }

    /// <summary>Whether the file of that birth is still the current one; null if that cannot be told just now.</summary>
    internal static bool? IsCurrent(string path, long birth)
    {
        try
        {
            if (!File.Exists(path))
                return false;
            using var stream = new FileStream(GatePath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
                && BinaryPrimitives.ReadInt64LittleEndian(bytes) == birth;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What every connection needs to be told.</summary>
    internal static void Prepare(Connection connection, bool readOnly)
    {
        // Memory-mapped reading is faster by a fifth, and a file that somebody truncates then kills the process: not used.
        connection.Execute("PRAGMA mmap_size = 0; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
        if (!readOnly)
            connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216");
    }

    internal static long BirthOf(Connection connection)
    {
        using var statement = connection.Prepare("SELECT birth FROM store");
        if (!statement.Step())
            throw new StoreException(SqliteFailure.Damaged, "the file has lost its identity");
        var birth = statement.Long(0);
        statement.Reset();
        return birth;
    }

    private static long Inspect(string path, bool readOnly, int busyMilliseconds, bool frozen = false)
    {
        using var connection = Connection.Open(path, readOnly, busyMilliseconds, frozen);
        var application = connection.Scalar("PRAGMA application_id");
        var version = connection.Scalar("PRAGMA user_version");
        if (application == Schema.ApplicationId && version == Schema.Version)
        {
            if (!Schema.IsMadeBy(Texts(connection)))
                throw new StoreException(SqliteFailure.Damaged, "the tables in the file are not those of a store");
            if (!readOnly)
                CheckWritable(connection, busyMilliseconds);
            return BirthOf(connection);
        }
        if (connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0 && application == 0 && version == 0 && !readOnly)
            return Make(connection, path);
        throw new StoreException(SqliteFailure.Foreign, application == Schema.ApplicationId
            ? $"the file is a store of version {version}, and this is version {Schema.Version}"
            : "the file is the database of another application");
    }

    private static List<string> Texts(Connection connection)
    {
        var texts = new List<string>();
        using var rows = connection.Prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL");
        while (rows.Step())
            texts.Add(Encoding.UTF8.GetString(rows.Bytes(0)));
        return texts;
    }

    /// <summary>Writes nothing but says whether it could. Where another process writes at this moment, one can: a reader is not to wait for that.</summary>
    private static void CheckWritable(Connection connection, int busyMilliseconds)
    {
        connection.Wait(0);
        try
        {
            connection[Sql.Begin].Run();
            connection[Sql.Rollback].Run();
        }
        catch (StoreException error) when (error.Reason is SqliteFailure.Busy)
        {
        }
        finally
        {
            connection.Wait(busyMilliseconds);
        }
    }

    private static long Make(string path, FileStream gate, int busyMilliseconds)
    {
        using var connection = Connection.Open(path, readOnly: false, busyMilliseconds);
        var birth = Make(connection, path);
        Remember(gate, birth);
        return birth;
    }

    private static long Make(Connection connection, string path)
    {
        // Of a database that somebody removed without it. Who still has it open keeps it.
        File.Delete(path + LargeFile.Suffix);
        var birth = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        connection.Execute(string.Create(CultureInfo.InvariantCulture,
            $"BEGIN IMMEDIATE; {Schema.Tables} INSERT INTO store(birth) VALUES({birth}); INSERT INTO slots VALUES(0, 0); PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.Version}; COMMIT"));
        return birth;
    }

    private static void SetAside(string path, StoreException why, Action<string, StoreException> setAside)
    {
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture);
        var name = $"{path}.{(why.Reason == SqliteFailure.Foreign ? "foreign" : "damaged")}-{stamp}-{Environment.ProcessId}";
        if (File.Exists(path))
            File.Move(path, name);
        // SQLite drops the log of a database that is empty, so a crash between these moves does no harm to the new file.
        foreach (var suffix in (string[])["-wal", "-shm", "-journal", LargeFile.Suffix])
        {
            if (File.Exists(path + suffix))
                File.Move(path + suffix, name + suffix);
        }
        setAside(name, why);
    }

    private static void MakeFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string GatePath(string path) => path + "-gate";

    private static FileStream Lock(string path, int busyMilliseconds)
    {
        var began = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new(GatePath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (IsHeld(error, path) && Environment.TickCount64 - began < busyMilliseconds)
            {
                Thread.Sleep(5);
            }
        }
    }

    // By somebody who will be done with it, that is: no time helps a full disk, or one that is read-only.
    private static bool IsHeld(IOException error, string path) => StoreException.From(error).Reason is SqliteFailure.Unavailable && File.Exists(GatePath(path));

    private static void Remember(FileStream gate, long birth)
    {
        Span<byte> known = stackalloc byte[sizeof(long)];
        if (gate.Length == known.Length && gate.ReadAtLeast(known, known.Length, throwOnEndOfStream: false) == known.Length
            && BinaryPrimitives.ReadInt64LittleEndian(known) == birth)
        {
            return;
        }
        BinaryPrimitives.WriteInt64LittleEndian(known, birth);
        gate.Position = 0;
        gate.Write(known);
    }
}
