using System.Globalization;

namespace Supervisor.Host.Tests.Harness;

/// <summary>Sentences that many cases share.</summary>
internal static class FleetExtensions
{
    public static async Task<AgentView> StopAsync(this TestFleet fleet, string id)
    {
        await fleet.Api.PostAsync($"/api/v1/agents/{id}/stop?wait=30s");
        return await fleet.AgentAsync(id);
    }

    public static Task<ApiAnswer> StartAsync(this TestFleet fleet, string id) => fleet.Api.PostAsync($"/api/v1/agents/{id}/start?wait=30s");

    public static Task<ApiAnswer> RestartAsync(this TestFleet fleet, string id) => fleet.Api.PostAsync($"/api/v1/agents/{id}/restart?wait=30s");

    /// <summary>Adds one agent and waits until it runs.</summary>
    public static async Task<AgentView> AddRunningAsync(this TestFleet fleet, FakeAgentYaml agent)
    {
        await fleet.AddAsync(agent);
        return await fleet.UntilStateAsync(agent.Id, "running");
    }

    /// <summary>What a script has written, as soon as it is there.</summary>
    public static async Task<string> FileAsync(this TestFleet fleet, string name, TimeSpan? within = null)
    {
        var path = fleet.FileOf(name);
        await Eventually.TrueAsync(() => File.Exists(path), $"{path} exists\n{fleet.Story()}", within);
        return await File.ReadAllTextAsync(path);
    }

    public static async Task<int> PidAsync(this TestFleet fleet, string name) => int.Parse(await fleet.FileAsync(name), CultureInfo.InvariantCulture);

    /// <summary>The lines of a fake agent's witness file, by their first words.</summary>
    public static IReadOnlyList<string> Witness(this TestFleet fleet, string name) =>
        File.Exists(fleet.FileOf(name)) ? [.. File.ReadLines(fleet.FileOf(name)).Select(line => line.Split(' ')[0])] : [];

    /// <summary>The shims and all else that the daemon, or its shims, are parents of.</summary>
    public static IReadOnlyList<int> Parents(this TestFleet fleet) => [fleet.Daemon.Pid, .. Proc.Referring(fleet.Directory)];
}
