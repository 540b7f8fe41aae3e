using System.Globalization;

namespace Supervisor.Host.Endpoints;

/// <summary>Copies a run's output into a response, up to its present end or for as long as it grows.</summary>
public static class LogStream
{
    // Only files that somebody follows are looked at, and only their size.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task WriteAsync(HttpContext http, RunOutput output, long run, long offset, int? tail, bool follow)
    {
        var cancel = http.RequestAborted;
        await using var file = output.Open();
        var length = file.Length;
        var start = Math.Min(tail is { } lines ? lines == 0 ? length : RunOutput.Tail(file, length, lines) : offset, length);

        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers[LogEndpoints.RunHeader] = run.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[LogEndpoints.NextOffsetHeader] = (follow ? start : length).ToString(CultureInfo.InvariantCulture);
        file.Position = start;
        if (!follow)
        {
            http.Response.ContentLength = length - start;
            await CopyAsync(file, http.Response.Body, length - start, cancel);
            return;
        }

        await http.Response.Body.FlushAsync(cancel);
        while (true)
        {
            // Asked before the copy: what was written before the exit is then still copied.
            var ended = output.Ended;
            if (file.Length > file.Position)
            {
                await CopyAsync(file, http.Response.Body, file.Length - file.Position, cancel);
                await http.Response.Body.FlushAsync(cancel);
            }
            else if (ended)
            {
                return;
            }
            else
            {
                await Task.Delay(Look, cancel);
            }
        }
    }

    private static async Task CopyAsync(FileStream from, Stream to, long count, CancellationToken cancel)
    {
        var buffer = new byte[64 << 10];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancel);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            count -= read;
        }
    }
}
