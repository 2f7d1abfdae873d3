using Microsoft.Extensions.Logging;

namespace Memoize.Observability;

/// <summary>Where a domain's messages go: to what was set by hand, else to the container that has come last and is still there.</summary>
/// <param name="outer">Where they go if there is nothing here.</param>
internal sealed class Loggers(Loggers? outer)
{
    private const string Category = "Memoize";

    private readonly List<ILogger> containers = [];
    private ILoggerFactory? factory;
    private volatile ILogger? byHand;
    private volatile ILogger? byContainer;

    internal ILoggerFactory? Factory
    {
        get => Volatile.Read(ref factory);
        set
        {
            byHand = value?.CreateLogger(Category);
            Volatile.Write(ref factory, value);
        }
    }

    internal ILogger? Current => byHand ?? byContainer ?? outer?.Current;

    /// <summary>Takes the logs of a container.</summary>
    /// <returns>Ends that.</returns>
    internal IDisposable Attach(ILoggerFactory factory)
    {
        var logger = factory.CreateLogger(Category);
        lock (containers)
        {
            containers.Add(logger);
            byContainer = logger;
        }

        return new Attachment(this, logger);
    }

    private void Detach(ILogger logger)
    {
        lock (containers)
        {
            containers.Remove(logger);
            byContainer = containers.LastOrDefault();
        }
    }

    private sealed class Attachment(Loggers loggers, ILogger logger) : IDisposable
    {
        public void Dispose() => loggers.Detach(logger);
    }
}
