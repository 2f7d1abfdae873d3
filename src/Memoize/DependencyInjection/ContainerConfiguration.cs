using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Memoize.DependencyInjection;

/// <summary>The configuration of one container: read when the host starts or the first decorator is made, watched until the container is disposed.</summary>
internal sealed partial class ContainerConfiguration : IDisposable
{
    internal const string Section = "Memoize";

    private readonly IDisposable? watch;

    /// <exception cref="InvalidOperationException">Something in it is wrong.</exception>
    public ContainerConfiguration(Registrations registrations, IConfiguration? configuration, ILoggerFactory? loggers)
    {
        var logger = loggers?.CreateLogger(Section);
        if ((registrations.Configuration ?? configuration?.GetSection(Section)) is { } section)
            watch = MemoizeConfiguration.Use(section, logger is null ? null : problem => LogProblem(logger, problem));
    }

    public void Dispose() => watch?.Dispose();

    [LoggerMessage(1, LogLevel.Error, "The configuration has changed, and not all of it can be used; what was there before holds. {Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
