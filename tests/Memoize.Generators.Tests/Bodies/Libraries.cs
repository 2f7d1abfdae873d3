namespace Memoize.Generators.Tests.Bodies;

/// <summary>Stand-ins for libraries that the rules know by name only.</summary>
static class Libraries
{
    public const string Logging =
        """
        namespace Microsoft.Extensions.Logging
        {
            public interface ILogger { void Log(int level, string message); bool IsEnabled(int level); }
            public interface ILogger<out T> : ILogger;
            public static class LoggerExtensions
            {
                public static void LogInformation(this ILogger logger, string message, params object?[] args) { }
                public static void LogWarning(this ILogger logger, string message, params object?[] args) { }
            }
            [System.AttributeUsage(System.AttributeTargets.Method)]
            public sealed class LoggerMessageAttribute : System.Attribute;
        }
        """;

    public const string AspNetCore =
        """
        namespace Microsoft.AspNetCore.Http
        {
            public abstract class HttpRequest { public abstract System.Collections.Generic.IDictionary<string, string> Headers { get; } }
            public abstract class HttpContext
            {
                public abstract System.Security.Claims.ClaimsPrincipal User { get; set; }
                public abstract HttpRequest Request { get; }
                public abstract System.Threading.CancellationToken RequestAborted { get; set; }
                public abstract IServiceProvider RequestServices { get; set; }
                public abstract string TraceIdentifier { get; set; }
            }
            public interface IHttpContextAccessor { HttpContext? HttpContext { get; set; } }
        }
        namespace Microsoft.AspNetCore.Mvc
        {
            using Microsoft.AspNetCore.Http;
            public abstract class ControllerBase
            {
                public HttpContext HttpContext => null!;
                public HttpRequest Request => null!;
                public System.Security.Claims.ClaimsPrincipal User => null!;
            }
        }
        namespace Microsoft.AspNetCore.Mvc.RazorPages
        {
            public abstract class PageModel { public System.Security.Claims.ClaimsPrincipal User => null!; }
        }
        """;
}
