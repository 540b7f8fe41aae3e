using Akka.Actor;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Supervisor.Actors.Common;
using Supervisor.Actors.Serialization;
using Supervisor.Host.Configuration;

namespace Supervisor.Host.Endpoints;

/// <summary>The one listener for management and API. Register <see cref="IFleetClient"/>, <see cref="LoopMonitor"/> and
/// <see cref="IClusterView"/> beside it; a route whose service is missing is absent.</summary>
public static class EdgeHosting
{
    public static WebApplicationBuilder AddEdge(this WebApplicationBuilder builder, EdgeOptions options)
    {
        if (TokenFile.Demand(options.Loopback, options.Token) is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Guard.MaxBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);

            // Far above what a thousand idle connections take: they cost memory, and only these many of it.
            kestrel.Limits.MaxConcurrentConnections = 8192;
            kestrel.Listen(options.Listen, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<StartupGate>();
        builder.Services.AddSingleton<EdgeMetrics>();
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            foreach (var converter in WireJson.Public.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        return builder;
    }

    public static WebApplication MapEdge(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<GuardMiddleware>();
        app.Use((http, next) => UntilTheEndAsync(http, next, app.Lifetime.ApplicationStopping));
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealth();
        app.MapMetrics();
        var api = app.MapGroup("/api/v1");
        api.MapStatus();
        api.MapAgents();
        api.MapAgentCommands();
        api.MapAgentLogs();
        api.MapEvents();
        if (app.Services.GetService<IFleetReloader>() is not null)
        {
            api.MapConfiguration();
        }

        if (app.Services.GetService<ActorSystem>() is not null)
        {
            app.MapCluster();
            app.MapClusterEvents();
            app.MapShards();
        }

        return app;
    }

    /// <summary>Requests end with the daemon: otherwise one open stream holds up its end for as long as somebody reads.</summary>
    private static async Task UntilTheEndAsync(HttpContext http, RequestDelegate next, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.RequestAborted = either.Token;
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
    }
}
