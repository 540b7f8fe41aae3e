using System.Text;

namespace Supervisor.Host.Endpoints;

/// <summary>Frames of <c>text/event-stream</c>.</summary>
public static class Sse
{
    public static async Task BeginAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public static Task EventAsync(HttpContext http, string? id, string? type, string data) => WriteAsync(http,
        $"{(id is null ? "" : $"id:{id}\n")}data:{data}\n{(type is null ? "" : $"event:{type}\n")}\n");

    public static Task CommentAsync(HttpContext http, string text) => WriteAsync(http, $": {text}\n\n");

    private static async Task WriteAsync(HttpContext http, string frame)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(frame), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
