using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Memoize.Tests.Observability;

/// <summary>Keeps what is logged.</summary>
internal sealed class Written(LogLevel least = LogLevel.Debug) : ILoggerFactory, ILogger
{
    public BlockingCollection<string> Lines { get; } = [];

    public ConcurrentQueue<Exception?> Exceptions { get; } = new();

    public bool Throws { get; set; }

    public string Next() => Lines.TryTake(out var line, Concurrency.Patience) ? line : throw new TimeoutException("Nothing was written.");

    public ILogger CreateLogger(string categoryName) => categoryName == "Memoize" ? this : throw new ArgumentException(categoryName);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Throws)
            throw new InvalidOperationException("The disk is full.");
        Exceptions.Enqueue(exception);
        Lines.Add($"{logLevel} {eventId.Id} {eventId.Name} {formatter(state, exception)}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose() => Lines.Dispose();
}
