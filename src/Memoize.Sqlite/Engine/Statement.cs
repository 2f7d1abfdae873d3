using System.Runtime.CompilerServices;
using SQLitePCL;

namespace Memoize.Sqlite.Engine;

/// <summary>A prepared statement, stepped raw: parameters and columns are spans and integers, nothing is boxed or copied on the way.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    internal Statement(sqlite3 database, string sql)
    {
        _database = database;
        var code = raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        if (code != raw.SQLITE_OK)
            throw Failed(code);
    }

    internal Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    internal Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, index, utf8));
        return this;
    }

    internal Statement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    internal Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <summary>Goes to the next row. After the last one, and after an error, the statement is ready for the next use.</summary>
    internal bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }
        var failure = Failed(code);
        Reset();
        throw failure;
    }

    /// <summary>Runs a statement that gives no rows that anybody wants.</summary>
    internal void Run()
    {
        if (Step())
            Reset();
    }

    /// <summary>The first column of the first row; 0 if there is no row.</summary>
    internal long Scalar() => TryScalar(out var value) ? value : 0;

    /// <summary>The first column of the first row, if there is one.</summary>
    internal bool TryScalar(out long value)
    {
        value = 0;
        if (!Step())
            return false;
        value = Long(0);
        Reset();
        return true;
    }

    internal long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a blob or a text, good until the statement moves on.</summary>
    internal ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>Ends the reading. The answer repeats an error that Step has thrown already, so nobody looks at it.</summary>
    internal void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failed(code);
    }

    private StoreException Failed(int code)
    {
        var extended = raw.sqlite3_extended_errcode(_database);
        return StoreException.From((extended & 0xFF) == (code & 0xFF) ? extended : code, raw.sqlite3_errmsg(_database).utf8_to_string());
    }
}
