using Microsoft.Extensions.Logging;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What was logged as a warning or worse: the name of the event, and its values.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly List<(string? Name, object?[] Values)> said = [];

    public LogLines() => Memo.LoggerFactory = LoggerFactory.Create(logging => logging.AddProvider(this));

    /// <summary>The only line there is.</summary>
    public (string? Name, object?[] Values) Only => Assert.Single(said);

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => said.Add((eventId.Name, [.. ((IEnumerable<KeyValuePair<string, object?>>)state!).Select(pair => pair.Value)]));

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}
