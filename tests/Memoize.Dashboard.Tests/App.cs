using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memoize.Dashboard.Tests;

/// <summary>An app with the dashboard, on a real port.</summary>
internal sealed class App : IAsyncDisposable
{
    private readonly WebApplication app;

    private App(WebApplication app)
    {
        this.app = app;
        Client = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public string Page => $"{Client.BaseAddress}memoize";

    public static async Task<App> Start(string environment, Action<MemoizeDashboardOptions>? configure = null, bool authorized = false)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, ByHeader>("test", null);
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        var dashboard = app.MapMemoize("/memoize", configure);
        if (authorized)
            dashboard.RequireAuthorization();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private sealed class ByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
            => Task.FromResult(Request.Headers.Authorization == "operator"
                ? AuthenticateResult.Success(new(new(new ClaimsIdentity("test")), "test"))
                : AuthenticateResult.NoResult());
    }
}
