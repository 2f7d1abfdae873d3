using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>A database that is not a store.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly Connection _connection;

    private TestDatabase(Connection connection) => _connection = connection;

    internal static TestDatabase Open(string path) => new(Connection.Open(path, readOnly: false, 1_000));

    internal void Execute(string sql) => _connection.Execute(sql);

    public void Dispose() => _connection.Dispose();
}
