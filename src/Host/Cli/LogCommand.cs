using System.CommandLine;
using System.Globalization;
using Supervisor.Host.Endpoints;

namespace Supervisor.Host.Cli;

/// <summary><c>logs</c>: an agent's output.</summary>
public static class LogCommand
{
    private static readonly TimeSpan NextRun = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> All(ClientOptions options, CliConsole console)
    {
        var id = AgentCommands.Id();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as it grows, from run to run unless --run is given." };
        var run = new Option<long?>("--run") { Description = "Which run; else the last.", HelpName = "N" };
        var stderr = new Option<bool>("--stderr") { Description = "Standard error in place of standard output." };
        var raw = new Option<bool>("--raw") { Description = "Byte-exact: terminal sequences and control characters too." };
        var since = new Option<string?>("--since") { Description = "The runs that lived in this time, whole.", HelpName = "DURATION" };
        var tail = new Option<int?>("--tail") { Description = "Only the last lines.", HelpName = "N" };
        var command = new Command("logs", "An agent's output.") { id, follow, run, stderr, raw, since, tail };
        command.SetAction(async (result, cancel) =>
        {
            using var api = options.Connect(result);
            var reader = new LogReader(api, result.GetRequiredValue(id), result.GetValue(stderr) ? "stderr" : "stdout",
                result.GetValue(raw) ? console.Raw : new PlainTextStream(console.Raw), cancel);
            var (wanted, following, lines) = (result.GetValue(run), result.GetValue(follow), result.GetValue(tail));
            if (result.GetValue(since) is { } ago)
            {
                foreach (var number in await reader.RunsSinceAsync(ago))
                {
                    wanted = await reader.CopyAsync(number, null, follow: false);
                }

                if (!following)
                {
                    return ExitCodes.Ok;
                }

                (wanted, lines) = (null, 0);
            }

            var shown = await reader.CopyAsync(wanted, lines, following);
            while (following && wanted is null)
            {
                shown = await reader.CopyAsync(await reader.RunAfterAsync(shown, NextRun), null, follow: true);
            }

            return ExitCodes.Ok;
        });
        yield return command;
    }

    private sealed class LogReader(ApiClient api, string agent, string stream, Stream to, CancellationToken cancel)
    {
        /// <returns>The run whose output it was.</returns>
        public async Task<long> CopyAsync(long? run, int? tail, bool follow)
        {
            var query = $"?stream={stream}{(run is { } r ? $"&run={Number(r)}" : "")}{(tail is { } t ? $"&tail={Number(t)}" : "")}{(follow ? "&follow=true" : "")}";
            using var answer = await api.OpenAsync(HttpMethod.Get, AgentCommands.Path(agent, "/logs" + query), null, null, cancel);
            try
            {
                await (await answer.Content.ReadAsStreamAsync(cancel)).CopyToAsync(to, cancel);
            }
            catch (Exception e) when (e is HttpIOException or HttpRequestException)
            {
                throw new CliException(ExitCodes.Unreachable, $"the daemon broke off: {e.Message}");
            }

            await to.FlushAsync(cancel);
            return answer.Headers.TryGetValues(LogEndpoints.RunHeader, out var header) ? long.Parse(header.First(), CultureInfo.InvariantCulture) : run ?? 0;
        }

        public async Task<IReadOnlyList<long>> RunsSinceAsync(string ago)
        {
            var from = DateTimeOffset.UtcNow - (Words.Duration(ago) ?? throw new CliException(ExitCodes.Usage, $"--since is a duration such as 10m, and not '{ago}'"));
            return
            [
                .. (await api.GetAsync(AgentCommands.Path(agent, "/runs"), cancel)).Items()
                    .Where(r => r.Text("startedAt").Length > 0)
                    .Where(r => r.Text("exit", "at") is not { Length: > 0 } at || DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) >= from)
                    .Select(r => long.Parse(r.Text("run"), CultureInfo.InvariantCulture)).Order(),
            ];
        }

        public async Task<long> RunAfterAsync(long run, TimeSpan pause)
        {
            while (true)
            {
                var agentNow = await api.GetAsync(AgentCommands.Path(agent), cancel);
                var now = long.Parse(agentNow.Text("run"), CultureInfo.InvariantCulture);
                if (now > run && agentNow.Text("startedAt").Length > 0 && agentNow.Text("state") is not ("starting" or "pending"))
                {
                    return now;
                }

                await Task.Delay(pause, cancel);
            }
        }

        private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
