// Printed cards with a QR code: what somebody sees who scans one comes from a template in one of 101 databases.
//   dotnet run --project samples/QrCards -- --urls http://127.0.0.1:5081
//   dotnet run --project samples/QrCards -- --urls http://127.0.0.1:5082      a second one beside it, which shares its caches
// Nothing needs to be installed. See README.md for what to try, and load.sh for the numbers.
using System.Text.Json;
using Memoize;
using Memoize.Redis;
using Memoize.Sqlite;
using Memoize.Tiers;
using QrCards;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

// The application has no other code for its caches than these lines and the attributes of its methods.
var redis = builder.Configuration.GetConnectionString("Redis") ?? EmbeddedRedis.StartOrFind();
builder.Services.AddMemoizeRedis(options => options.Configuration = redis);
builder.Services.AddMemoizeSqlite(options => options.File = builder.Configuration["Disk"]);
builder.Services.AddHealthChecks().AddMemoize();

builder.Services.AddSingleton<ITemplateDatabases>(TemplateDatabases.CreateOrOpen());
builder.Services.AddScoped<Templates>();

var app = builder.Build();
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = QrJson.Default };
Memo.AddTier("redis", app.Services.GetRequiredService<RedisCache>(), new CacheTierOptions { Prefix = "qrcards:", Json = json });
Memo.AddTier("disk", app.Services.GetRequiredService<SqliteCache>(), new CacheTierOptions { Prefix = "qrcards:", Json = json });

// 1. Templates: slow to find, small, the same for all servers.
app.MapGet("/templates/{id}", async (string id, Templates templates, CancellationToken cancellationToken)
    => await templates.FindAsync(id, cancellationToken) is { } template ? Results.Text(template.Body) : Results.NotFound());
app.MapPut("/templates/{id}", async (string id, HttpRequest request, Templates templates) =>
{
    using var body = new StreamReader(request.Body);
    return await templates.ChangeAsync(id, await body.ReadToEndAsync()) ? Results.NoContent() : Results.NotFound();
});

// 2. Pure functions: one attribute, no tier.
app.MapGet("/cards/{id}.svg", async (string id, Templates templates, CancellationToken cancellationToken)
    => await templates.FindAsync(id, cancellationToken) is null ? Results.NotFound() : Results.Text(QrCode.Svg($"https://cards.example/{id}"), "image/svg+xml"));

// 3. Reports: seconds to make, 100 KB to 1 MB, and still there after a restart.
app.MapGet("/reports", async (DateOnly from, DateOnly to, string[] country, CancellationToken cancellationToken)
    => Results.Json(await Reports.ScansAsync(from, to, country, cancellationToken), QrJson.Default.IReadOnlyListScans));

// 4. Sessions: read at every request, written often, shared by all servers.
app.MapPost("/sessions/{id}", async (string id, string user) => { await Sessions.SaveAsync(new Session(id, user, [])); return Results.NoContent(); });
app.MapGet("/sessions/{id}", async (string id) => await Sessions.FindAsync(id) is { } session ? Results.Json(session, QrJson.Default.Session) : Results.NotFound());
app.MapPost("/sessions/{id}/cards/{card}", async (string id, string card) =>
{
    if (await Sessions.FindAsync(id) is not { } session)
        return Results.NotFound();
    await Sessions.SaveAsync(session with { Cards = [.. session.Cards, card] });
    return Results.NoContent();
});

// What became of it all, as text; and live at /memoize, in Development.
app.MapGet("/stats", () => Results.Text(Stats.AsText()));
app.MapMemoize("/memoize");
app.MapHealthChecks("/health");

// Whoever comes first is not to wait for what is opened, connected and compiled once: before anybody asks, each processor looks for a template that
// is in none of the databases, and for one that is there, as requests do it. The first opens the databases; the second comes out of Redis, if it is there.
await Parallel.ForAsync(0, Environment.ProcessorCount, async (processor, cancellationToken) =>
{
    await using var scope = app.Services.CreateAsyncScope();
    var templates = scope.ServiceProvider.GetRequiredService<Templates>();
    await templates.FindAsync($"none-{processor}", cancellationToken);
    await templates.FindAsync($"T-{processor % 2020 + 1:0000}", cancellationToken);
});

app.Lifetime.ApplicationStopping.Register(() => Memo.FlushTiersAsync().Wait(TimeSpan.FromSeconds(5)));
app.Run();
