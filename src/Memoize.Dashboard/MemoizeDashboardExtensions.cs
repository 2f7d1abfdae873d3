using Memoize.Dashboard;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the dashboard.</summary>
public static class MemoizeDashboardExtensions
{
    /// <summary>
    /// Maps a page that shows all cached methods of the process, live. In Development everybody sees it; elsewhere it is not there
    /// (404) unless authorization is required for it, as with <c>app.MapMemoize("/memoize").RequireAuthorization("Operators")</c>, or
    /// <see cref="MemoizeDashboardOptions.AllowWithoutAuthorization"/> says otherwise.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path of the page; everything that it needs is below.</param>
    /// <param name="configure">Says more; may be null.</param>
    /// <returns>For conventions such as authorization, which then hold for everything that is mapped.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is null.</exception>
    public static IEndpointConventionBuilder MapMemoize(
        this IEndpointRouteBuilder endpoints, string pattern = "/memoize", Action<MemoizeDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var options = new MemoizeDashboardOptions();
        configure?.Invoke(options);
        return DashboardEndpoints.Map(endpoints, pattern, options);
    }
}
