using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite.Tests;

/// <summary>What was logged.</summary>
internal sealed class TestLog : ILogger<SqliteCache>
{
    public ConcurrentQueue<string> All { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => All.Enqueue($"{logLevel}: {formatter(state, exception)}");
}
