namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0502: a tenant or user that is read in the body and is not in the key.</summary>
public sealed class CallerTests
{
    const string Usings = "using System.Diagnostics; using System.Security.Claims; using System.Security.Principal; using Microsoft.AspNetCore.Http; using Microsoft.AspNetCore.Mvc; using Microsoft.AspNetCore.Mvc.RazorPages;\n";

    static BodyCase Web(string name, string code, params string[] expected) => new(name, Usings + code, expected) { More = Libraries.AspNetCore };

    static readonly BodyCase[] _reported =
    [
        Web("The current request of an accessor", "public sealed class C(IHttpContextAccessor http) { [Cached] public string M(int a) => http.HttpContext!.User.Identity!.Name + a; }", "http.HttpContext"),
        Web("The current request of an accessor in a field", "public sealed class C { private readonly IHttpContextAccessor _http; public C(IHttpContextAccessor http) => _http = http; [Cached] public string M(int a) { var user = _http.HttpContext?.User; return user?.FindFirst(\"tenant\")?.Value + a; } }", "_http.HttpContext"),
        Web("The accessor in a private helper", "public sealed class C(IHttpContextAccessor http) { string? Tenant() => http.HttpContext?.User.FindFirst(\"tenant\")?.Value; [Cached] public string M(int a) => Tenant() + a; }", "http.HttpContext") with { Says = ["'C.M(int)'", "in 'Tenant'", "parameter"] },
        Web("The accessor in a property", "public sealed class C(IHttpContextAccessor http) { string? Tenant => http.HttpContext?.User.FindFirst(\"tenant\")?.Value; [Cached] public string M(int a) => Tenant + a; }", "http.HttpContext"),
        Web("A header of the request", "public sealed class C(IHttpContextAccessor http) { [Cached] public string M(int a) => http.HttpContext!.Request.Headers[\"X-Tenant\"] + a; }", "http.HttpContext"),
        Web("The user of a controller", "public sealed class C : ControllerBase { [Cached(PerInstance = true)] public string M(int a) => User.Identity!.Name + a; }", "User"),
        Web("The request of a controller", "public sealed class C : ControllerBase { [Cached(PerInstance = true)] public string M(int a) => Request.Headers[\"X\"] + a; }", "Request"),
        Web("The user of a page", "public sealed class C : PageModel { [Cached(PerInstance = true)] public string M(int a) => User.Identity!.Name + a; }", "User"),
        Web("The current principal", "public static class S { [Cached] public static bool M(string role) => ClaimsPrincipal.Current!.IsInRole(role); }", "ClaimsPrincipal.Current"),
        Web("The principal of the thread", "public static class S { [Cached] public static bool M(string role) => Thread.CurrentPrincipal!.IsInRole(role); }", "Thread.CurrentPrincipal"),
        Web("The Windows account", "#pragma warning disable CA1416\npublic static class S { [Cached] public static string M(int a) => WindowsIdentity.GetCurrent().Name + a; }", "WindowsIdentity.GetCurrent()"),
        new("An AsyncLocal", "public static class S { static readonly AsyncLocal<string> _tenant = new(); [Cached] public static string M(int a) => _tenant.Value + a; }", "_tenant.Value") { Says = ["the AsyncLocal '_tenant'"] },
        new("An AsyncLocal behind an ambient accessor", "public static class Tenant { static readonly AsyncLocal<string> _id = new(); public static string? Id => _id.Value; } public static class S { [Cached] public static string M(int a) => Tenant.Id + a; }", "Tenant.Id") { Says = ["through 'Tenant.Id'"] },
        new("A ThreadLocal", "public static class S { static readonly ThreadLocal<string> _user = new(); [Cached] public static string M(int a) => _user.Value + a; }", "_user.Value"),
        new("A private helper, whatever else is called before it", "public static class Far { " + string.Concat(Enumerable.Range(0, 60).Select(i => $"public static string F{i}() => \"{i}\"; ")) + "} public sealed class C { static readonly AsyncLocal<string> L = new(); static string Near() => L.Value + \"\"; [Cached] public string M(int a) => a + " + string.Join(" + ", Enumerable.Range(0, 60).Select(i => $"Far.F{i}()")) + " + Near(); }", "L.Value"),
        new("An AsyncLocal behind a static method", "public static class Ctx { static readonly AsyncLocal<string?> L = new(); public static string? Current() => L.Value; } public static class S { [Cached] public static string M(int a) => Ctx.Current() + a; }", "Ctx.Current()"),
        new("An AsyncLocal behind an accessor and its helper", "public static class Ctx { static readonly AsyncLocal<string?> L = new(); public static string? Current => Get(); static string? Get() => L.Value; } public static class S { [Cached] public static string M(int a) => Ctx.Current + a; }", "Ctx.Current"),
        new("An AsyncLocal behind an extension method", "public static class Ctx { static readonly AsyncLocal<string?> L = new(); public static string Mine(this string s) => L.Value + s; } public static class S { [Cached] public static string M(string a) => a.Mine(); }", "a.Mine()"),
        new("A thread-static field", "public static class S { [ThreadStatic] static string? _user; public static void Set(string u) => _user = u; [Cached] public static string M(int a) => _user + a; }", "_user"),
        new("The trace in a local becomes the result", "using System.Diagnostics;\npublic static class S { [Cached] public static string M(int a) { var id = Activity.Current?.TraceId; return id + \"\" + a; } }", "Activity.Current"),
        new("Baggage of the current activity", "using System.Diagnostics;\npublic static class S { [Cached] public static string M(int a) => Activity.Current?.GetBaggageItem(\"tenant\") + a; }", "Activity.Current"),
        new("A current user of the program", "public interface ICurrentUser { string Id { get; } } public sealed class C(ICurrentUser user) { [Cached] public string M(int a) => user.Id + a; }", "user.Id"),
        new("A tenant context of the program", "public interface ITenantContext { string TenantId { get; } } public sealed class C { private readonly ITenantContext _tenant; public C(ITenantContext t) => _tenant = t; [Cached] public async Task<string> M(int a) { await Task.Yield(); return _tenant.TenantId + a; } }", "_tenant.TenantId"),
        new("A tenant provider of the program is asked", "public interface ITenantProvider { Task<string> GetTenantIdAsync(CancellationToken ct); } public sealed class C(ITenantProvider tenants) { [Cached] public async Task<string> M(int a, CancellationToken ct) => await tenants.GetTenantIdAsync(ct) + a; }", "tenants.GetTenantIdAsync(ct)"),
        Web("The core of a partial method asks", "public sealed partial class C(IHttpContextAccessor http) { [Cached] public partial string M(int a); string MCore(int a) => http.HttpContext!.User.Identity!.Name + a; }", "http.HttpContext"),
        Web("A lambda asks", "public sealed class C(IHttpContextAccessor http) { [Cached] public int M(string a) => a.Count(c => http.HttpContext!.User.IsInRole(c.ToString())); }", "http.HttpContext"),
    ];

    static readonly BodyCase[] _silent =
    [
        Web("A method without the attribute", "public sealed class C(IHttpContextAccessor http) { public string M(int a) => http.HttpContext!.User.Identity!.Name + N(a); [Cached] public string N(int a) => a.ToString(); }"),
        Web("The tenant is a parameter", "public sealed class C { [Cached] public string M(string tenant, int a) => tenant + a; }"),
        Web("A property with the tenant is in the key", "public sealed class C(IHttpContextAccessor http) { [CacheKey] private string? Tenant => http.HttpContext?.User.FindFirst(\"tenant\")?.Value; [Cached] public string M(int a) => Tenant + a; }"),
        Web("The author has decided about the accessor", "public sealed class C(IHttpContextAccessor http) { [NotInKey] private readonly IHttpContextAccessor _http = http; [Cached] public string M(int a) => _http.HttpContext!.TraceIdentifier + a; }"),
        Web("The end of the request", "public sealed class C(IHttpContextAccessor http) { [Cached] public async Task<int> M(int a) { await Task.Delay(a, http.HttpContext?.RequestAborted ?? default); return a; } }"),
        Web("The services of the request", "public sealed class C(IHttpContextAccessor http) { [Cached] public int M(int a) => a + ((string)http.HttpContext!.RequestServices.GetService(typeof(string))!).Length; }"),
        Web("A base path that is asked of the first request", "public static class Paths { static string? _base; static readonly IHttpContextAccessor Http = null!; public static string Base { get { if (_base == null) { _base = Http.HttpContext?.Request.Headers[\"base\"]; } return _base ?? \"\"; } } } public static class S { [Cached] public static string M(int a) => Paths.Base + a; }"),
        new("The trace of a log line", "using System.Diagnostics; using Microsoft.Extensions.Logging;\npublic sealed class C(ILogger log) { [Cached] public int M(int a) { log.LogInformation(\"{Id}\", Activity.Current?.Id); return a * a; } }") { More = Libraries.Logging },
        Web("The name of the user in a log line", "public sealed class C(IHttpContextAccessor http, Microsoft.Extensions.Logging.ILogger log) { [Cached] public int M(int a) { log.Log(1, \"by \" + http.HttpContext?.User.Identity?.Name); return a * a; } }") with { More = Libraries.AspNetCore + Libraries.Logging },
        new("A tag of the current activity", "using System.Diagnostics;\npublic static class S { [Cached] public static int M(int a) { Activity.Current?.SetTag(\"a\", a); Activity.Current?.AddEvent(new ActivityEvent(\"x\")); return a * a; } }"),
        new("The trace in a local goes on to background work", "using System.Diagnostics;\npublic static class S { static int Work(int a, ActivityContext c) => c == default ? a * a : a * a + 0; [Cached] public static int M(int a) { var context = Activity.Current?.Context ?? default; return Work(a, context); } }"),
        new("The trace goes on to another service", "using System.Diagnostics;\npublic sealed class C(System.Net.Http.IHttpClientFactory? f = null) { [Cached] public async Task<string> M(string url) { using var request = new System.Net.Http.HttpRequestMessage(System.Net.Http.HttpMethod.Get, url); request.Headers.Add(\"traceparent\", Activity.Current?.Id); await Task.Yield(); return url; } } namespace System.Net.Http { public interface IHttpClientFactory; }"),
        new("A transaction is not an identity", "public static class S { [Cached] public static int M(int a) => System.Transactions.Transaction.Current is null ? a : 0; }"),
        new("A buffer per thread", "using System.Text;\npublic static class S { [ThreadStatic] static StringBuilder? _buffer; [Cached] public static string M(int a) { var b = _buffer ??= new StringBuilder(); b.Clear(); b.Append(a); return b.ToString(); } }"),
        new("A generator per thread", "public static class S { static readonly ThreadLocal<char[]> _buffer = new(() => new char[8]); [Cached] public static int M(int a) => _buffer.Value!.Length + a; }"),
        new("Who the account of the process is", "public static class S { [Cached] public static string M(int a) => Environment.UserName + a; }"),
        new("A service that is asked for one user", "public interface IUserContext { string NameOf(int id); } public interface ITenantProvider { string[] GetTenants(); string Find(int id); } public sealed class C(IUserContext users, ITenantProvider tenants) { [Cached] public string M(int id) => users.NameOf(id) + tenants.Find(id) + tenants.GetTenants().Length; }"),
        new("A database context of users", "public interface IUserContext { IQueryable<string> Users { get; } } public sealed class C(IUserContext db) { [Cached] public int M(string a) => db.Users.Count(u => u == a); }"),
        new("An AsyncLocal is set", "public static class S { static readonly AsyncLocal<int> _last = new(); [Cached] public static int M(int a) { _last.Value = a; return a * a; } }"),
        new("Properties of other things", "public sealed record Thread(string CurrentPrincipal); public sealed record HttpContext(string User); public static class S { [Cached] public static string M(HttpContext c, Thread t) => c.User + t.CurrentPrincipal; }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task A_tenant_or_user_that_is_read_in_the_body_but_not_in_the_key_is_an_error(string name) => BodyCase.Verify(_reported, name, "MEMO0502");

    [Theory, MemberData(nameof(Silent))]
    public Task What_does_not_say_who_is_calling_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0502");
}
