using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Memoize.Dashboard;

/// <summary>The files of the page, which are inside the assembly.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, (string Type, byte[] Content, string Tag)> Files = Load();

    internal static Task WritePage(HttpContext context, string root)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var page = System.Text.Encoding.UTF8.GetString(Files["index.html"].Content);
        return context.Response.WriteAsync(page.Replace("{root}", HtmlEncoder.Default.Encode(root), StringComparison.Ordinal), context.RequestAborted);
    }

    internal static Task Write(HttpContext context)
    {
        var response = context.Response;
        if (!Files.TryGetValue((string)context.Request.RouteValues["name"]!, out var file) || file.Type == "text/html")
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = $"{file.Type}; charset=utf-8";
        response.ContentLength = file.Content.Length;
        return response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }

    private static Dictionary<string, (string Type, byte[] Content, string Tag)> Load()
    {
        var files = new Dictionary<string, (string, byte[], string)>(StringComparer.Ordinal);
        var assembly = typeof(Assets).Assembly;
        foreach (var name in assembly.GetManifestResourceNames())
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var type = Path.GetExtension(name) switch
            {
                ".html" => "text/html",
                ".css" => "text/css",
                ".js" => "text/javascript",
                ".svg" => "image/svg+xml",
                _ => "application/octet-stream",
            };
            files[name] = (type, content, $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 8))}\"");
        }

        return files;
    }
}
