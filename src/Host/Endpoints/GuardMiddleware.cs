using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Supervisor.Host.Logging;
using Supervisor.Messages.Events;

namespace Supervisor.Host.Endpoints;

/// <summary>Puts <see cref="Guard"/> before every route, and turns what goes wrong behind it into problems.</summary>
public sealed class GuardMiddleware(RequestDelegate next, EdgeOptions options, IFleetClient fleet, ILogger<GuardMiddleware> log)
{
    // A flood of refusals must not push the fleet's own history out of the event log; the daemon's log still has each.
    private const int EventsAMinute = 100;

    private readonly Lock _counting = new();
    private long _minute;
    private int _published;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var knock = new Knock(request.Method, request.Scheme, request.Host, context.Connection.LocalPort,
            request.Headers.Origin.FirstOrDefault(), request.Headers.Authorization.FirstOrDefault(), request.ContentLength);

        var refusal = Guard.Judge(knock, options) ?? (Guard.IsWrite(request.Method) ? await ReadBodyAsync(context) : null);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
        catch (TimeoutException e) when (!context.Response.HasStarted)
        {
            await Answers.Problem(StatusCodes.Status504GatewayTimeout, e.Message).ExecuteAsync(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Answers.Problem(e.StatusCode, e.Message).ExecuteAsync(context);
        }
    }

    /// <summary>Reads the whole body first: one that is too long and hides its length must not get half its work done.</summary>
    private static async Task<Refusal?> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            return new Refusal(e.StatusCode, e.Message);
        }

        body.Position = 0;
        context.Request.Body = body;
        return null;
    }

    private async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        var remote = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (MayPublish())
        {
            fleet.Publish(new NodeEvent(NodeEventTypes.AuditRefused, Agent: null, new Dictionary<string, string>
            {
                ["remote"] = remote,
                ["method"] = method,
                ["path"] = path,
                ["status"] = refusal.Status.ToString(CultureInfo.InvariantCulture),
                ["reason"] = refusal.Reason,
            }, []));
        }
        else
        {
            log.LogWarning("{" + LogFields.Event + "} {Remote} {Method} {Path} {Status}: {Reason}", NodeEventTypes.AuditRefused, remote, method, path, refusal.Status, refusal.Reason);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (refusal.Status == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.Headers.Allow = "GET, HEAD";
        }

        // Whatever body is still to come is not read.
        context.Response.Headers.Connection = "close";
        await Answers.Problem(refusal.Status, refusal.Reason).ExecuteAsync(context);
    }

    private bool MayPublish()
    {
        lock (_counting)
        {
            var minute = Environment.TickCount64 / 60_000;
            (_minute, _published) = (minute, minute == _minute ? _published + 1 : 1);
            return _published <= EventsAMinute;
        }
    }
}
