using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memoize.Dashboard;

/// <summary>What is mapped: the page, its files, and what it asks for.</summary>
internal sealed class DashboardEndpoints(Guard guard, MemoizeDashboardOptions options, History history)
{
    internal static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern, MemoizeDashboardOptions options)
    {
        var services = endpoints.ServiceProvider;
        var history = new History(services.GetService<TimeProvider>() ?? TimeProvider.System);
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(history.Dispose);
        var mapped = new DashboardEndpoints(new(options), options, history);

        var group = endpoints.MapGroup(pattern);
        group.WithMetadata(new ExcludeFromDescriptionAttribute());
        mapped.Get(group, "", mapped.Page);
        mapped.Get(group, "files/{name}", Assets.Write);
        mapped.Get(group, "api/methods", mapped.Methods);
        mapped.Get(group, "api/methods/{id:long}/entries", mapped.Entries);
        mapped.Post(group, "api/methods/{id:long}/evict", mapped.Evict);
        mapped.Post(group, "api/methods/{id:long}/clear", mapped.Clear);
        return group;
    }

    private void Get(RouteGroupBuilder group, string pattern, RequestDelegate handle)
        => group.MapGet(pattern, context => guard.Admits(context) ? handle(context) : Task.CompletedTask).WithDisplayName($"Memoize dashboard {pattern}");

    private void Post(RouteGroupBuilder group, string pattern, RequestDelegate handle)
        => group.MapPost(pattern, context => guard.Admits(context) && guard.AdmitsChange(context) ? handle(context) : Task.CompletedTask).WithDisplayName($"Memoize dashboard {pattern}");

    private Task Page(HttpContext context)
    {
        // The files are found whether or not the path ends with a slash, and behind any path base.
        var root = $"{context.Request.PathBase}{context.Request.Path}".TrimEnd('/');
        return Assets.WritePage(context, root);
    }

    private Task Methods(HttpContext context) => Write(context, Snapshot.Take(history, options), DashboardJson.Default.Snapshot);

    private Task Entries(HttpContext context)
    {
        if (MethodIds.Find(Id(context)) is not { } method)
            return NotFound(context);

        var query = context.Request.Query;
        return Write(context, EntryPage.Take(method, query["search"].ToString(), Number(query["skip"].ToString()), options), DashboardJson.Default.EntryPage);
    }

    private async Task Evict(HttpContext context)
    {
        if (MethodIds.Find(Id(context)) is not { } method)
        {
            await NotFound(context).ConfigureAwait(false);
            return;
        }

        EvictRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, DashboardJson.Default.EvictRequest, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request?.Key is not { } key)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // Keys that nobody can tell apart on the page leave together: one too many costs a load, one too few a wrong value.
        var evicted = method.Entries(int.MaxValue).Count(entry => entry.Key == key && entry.Instance == request.Instance && entry.Evict());
        await Write(context, new Changed(evicted), DashboardJson.Default.Changed).ConfigureAwait(false);
    }

    private Task Clear(HttpContext context)
    {
        if (MethodIds.Find(Id(context)) is not { } method)
            return NotFound(context);

        var count = method.Count;
        method.Clear();
        return Write(context, new Changed(count), DashboardJson.Default.Changed);
    }

    private static long Id(HttpContext context) => long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task Write<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
    }
}
