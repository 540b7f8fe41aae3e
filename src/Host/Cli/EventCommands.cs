using System.CommandLine;
using System.Text.Json;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Cli;

/// <summary><c>events</c>: the event log.</summary>
public static class EventCommands
{
    public static IEnumerable<Command> All(ClientOptions options, CliConsole console)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what happens." };
        var since = new Option<string?>("--since") { Description = "From then on; with -f the past as well.", HelpName = "DURATION" };
        var agent = new Option<string?>("--agent") { Description = "Only of this agent.", HelpName = "AGENT" };
        var type = new Option<string?>("--type") { Description = "Only of this type, as in docs/events.md.", HelpName = "TYPE" };
        var command = new Command("events", "The event log.") { follow, since, agent, type };
        command.SetAction(async (result, cancel) =>
        {
            var filter = string.Concat(new[] { ("since", result.GetValue(since)), ("agent", result.GetValue(agent)), ("type", result.GetValue(type)) }
                .Where(p => p.Item2 is not null).Select(p => $"&{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
            using var api = options.Connect(result);
            var json = result.GetValue(options.Json);
            await (result.GetValue(follow) ? FollowAsync(api, filter, json, console, cancel) : PagesAsync(api, filter, json, console, cancel));
            return ExitCodes.Ok;
        });
        yield return command;
    }

    private static async Task PagesAsync(ApiClient api, string filter, bool json, CliConsole console, CancellationToken cancel)
    {
        var after = "0";
        for (var end = false; !end;)
        {
            var (page, headers) = await api.SendAsync(HttpMethod.Get, $"/api/v1/events?after={after}&limit=1000{filter}", null, TimeSpan.FromSeconds(30), cancel);
            foreach (var entry in page.Items())
            {
                Write(console, entry, json);
            }

            after = headers.GetValues(EventEndpoints.NextHeader).First();
            end = headers.GetValues(EventEndpoints.EndHeader).First() == "true";
        }
    }

    private static async Task FollowAsync(ApiClient api, string filter, bool json, CliConsole console, CancellationToken cancel)
    {
        string? last = null;
        while (true)
        {
            using var answer = await api.OpenAsync(HttpMethod.Get, $"/api/v1/events?{filter.TrimStart('&')}", null, headers =>
            {
                headers.Accept.ParseAdd("text/event-stream");
                if (last is not null)
                {
                    headers.Add("Last-Event-ID", last);
                }
            }, cancel);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancel));
            try
            {
                while (await reader.ReadLineAsync(cancel) is { } line)
                {
                    if (line.StartsWith("id:", StringComparison.Ordinal))
                    {
                        last = line[3..].Trim();
                    }
                    else if (line.StartsWith("data:", StringComparison.Ordinal))
                    {
                        using var entry = JsonDocument.Parse(line.AsMemory(5));
                        Write(console, entry.RootElement, json);
                        await console.Out.FlushAsync(cancel);
                    }
                }
            }
            catch (HttpIOException)
            {
                // The stream broke; the next turn resumes it, or says that the daemon is gone.
            }
        }
    }

    private static void Write(CliConsole console, JsonElement entry, bool json)
    {
        if (json)
        {
            console.Out.WriteLine(entry.GetRawText());
            return;
        }

        var data = entry.TryGetProperty("data", out var values) && values.ValueKind == JsonValueKind.Object
            ? string.Join(' ', values.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => $"{p.Name}={p.Value}"))
            : "";
        console.Out.WriteLine(Tables.Line($"{entry.Text("at")}  {entry.Text("agent"),-8} {entry.Text("run"),4}  {entry.Text("type"),-26} {data}").TrimEnd());
    }
}
