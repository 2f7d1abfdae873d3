using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Memoize.Dashboard;

/// <summary>Who is let in, and what a browser is told about what it gets.</summary>
internal sealed partial class Guard(MemoizeDashboardOptions options)
{
    /// <summary>A page of elsewhere cannot send this header here: its browser would ask first, and nobody says yes.</summary>
    internal const string Header = "X-Memoize";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private int told;

    /// <summary>Whether the dashboard is there for this request; otherwise the answer is that it is not.</summary>
    internal bool Admits(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (options.AllowWithoutAuthorization || IsAuthorized(context) || context.RequestServices.GetService<IHostEnvironment>()?.IsDevelopment() == true)
            return true;

        if (Interlocked.Exchange(ref told, 1) == 0 && context.RequestServices.GetService<ILoggerFactory>() is { } logs)
            Off(logs.CreateLogger("Memoize.Dashboard"));
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return false;
    }

    /// <summary>Whether the request may change something: it must come from the page itself.</summary>
    internal bool AdmitsChange(HttpContext context)
    {
        var request = context.Request;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isOurs = request.Headers[Header] == "1"
            && site is "" or "same-origin"
            && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(AuthorityOf(request, from.Scheme), StringComparison.OrdinalIgnoreCase)));
        if (isOurs && !options.ReadOnly)
            return true;

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return false;
    }

    // Behind a proxy that ends TLS the scheme differs, and with it what the usual port is.
    private static string AuthorityOf(HttpRequest request, string scheme)
        => Uri.TryCreate($"{scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : "";

    // The authorization middleware has done its work by now, and ASP.NET Core refuses to run such an endpoint without it.
    private static bool IsAuthorized(HttpContext context)
        => context.GetEndpoint()?.Metadata is { } metadata
            && metadata.GetMetadata<IAllowAnonymous>() is null
            && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);

    [LoggerMessage(1, LogLevel.Warning, "The dashboard of Memoize was asked for, and is off: outside Development it needs authorization, MapMemoize(…).RequireAuthorization(…), or the option AllowWithoutAuthorization.")]
    private static partial void Off(ILogger logger);
}
