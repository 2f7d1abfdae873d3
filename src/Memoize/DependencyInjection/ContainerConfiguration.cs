using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Memoize.DependencyInjection;

/// <summary>The configuration of one container: read when the host starts or the first decorator is made, watched until the container is disposed.</summary>
internal sealed partial class ContainerConfiguration : IDisposable, IAsyncDisposable
{
    internal const string Section = "Memoize";

    private readonly IDisposable? watch;
    private readonly ContainerTiers tiers;

    /// <exception cref="InvalidOperationException">Something in it is wrong.</exception>
    public ContainerConfiguration(Registrations registrations, IServiceProvider services, IConfiguration? configuration, ILoggerFactory? loggers)
    {
        var logger = loggers?.CreateLogger(Section);
        var section = registrations.Configuration ?? configuration?.GetSection(Section);
        tiers = new(registrations, services, section);
        try
        {
            if (section is not null)
                watch = MemoizeConfiguration.Use(section, logger is null ? null : problem => LogProblem(logger, problem));
        }
        catch
        {
            tiers.Dispose();
            throw;
        }

        if (logger is not null)
            ContainerTiers.Report(logger);
    }

    public void Dispose()
    {
        watch?.Dispose();
        tiers.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        watch?.Dispose();
        return tiers.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Error, "The configuration has changed, and not all of it can be used; what was there before holds. {Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
