using System.Text.Json;
using Supervisor.Actors.Serialization;
using Supervisor.Host.Configuration;

namespace Supervisor.Host.Endpoints;

public static class ConfigurationEndpoints
{
    public static void MapConfiguration(this IEndpointRouteBuilder api)
    {
        api.MapPost("/config/reload", async (IFleetReloader reloader, CancellationToken cancel) => Answer(await reloader.ReloadAsync("http", cancel)))
            .Produces<ReloadOutcome.Applied>();
        api.MapGet("/config/diff", async (IFleetReloader reloader, CancellationToken cancel) => Answer(await reloader.DiffAsync(cancel)))
            .Produces<ReloadOutcome.Applied>();
        // The asker reads the file itself: the daemon would tell it what it may not read.
        api.MapPost("/config/diff", async (HttpRequest request, IFleetReloader reloader, CancellationToken cancel) =>
        {
            try
            {
                var fleet = await JsonSerializer.DeserializeAsync<LoadedFleet>(request.Body, WireJson.Wire, cancel);
                return fleet is null ? Unreadable("null") : Results.Text(FleetDiffText.Json(FleetDiff.Between(reloader.Current, fleet)).ToJsonString(), "application/json");
            }
            catch (JsonException e)
            {
                return Unreadable(e.Message);
            }
        });
    }

    private static IResult Unreadable(string why) =>
        Answers.Problem(StatusCodes.Status400BadRequest, $"the body is no fleet as `config diff` of this version sends it: {why}", new Dictionary<string, object?>());

    private static IResult Answer(ReloadOutcome outcome) => outcome switch
    {
        ReloadOutcome.Applied applied => Answers.Document(applied),
        ReloadOutcome.Refused refused => Answers.Problem(StatusCodes.Status422UnprocessableEntity,
            "the configuration has errors and nothing was changed", new Dictionary<string, object?> { ["errors"] = refused.Errors }),
        _ => throw new InvalidOperationException($"the reloader answered {outcome.GetType()}"),
    };
}
