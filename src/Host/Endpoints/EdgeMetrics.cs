using System.Diagnostics;
using System.Text.RegularExpressions;
using Prometheus;
using Supervisor.Actors.Common;
using Supervisor.Actors.Events;
using Supervisor.Messages.Agents;

namespace Supervisor.Host.Endpoints;

/// <summary>The numbers at <c>/metrics</c>: counters follow the events of this node, gauges are filled when somebody looks.</summary>
public sealed partial class EdgeMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Gauge _state;
    private readonly Counter _restarts;
    private readonly Gauge _late;
    private readonly Gauge _eventLogDegraded;
    private readonly Counter _cpu;
    private readonly Gauge _memory;
    private readonly Gauge _threads;
    private readonly Gauge _files;
    private readonly Gauge _uptime;

    public EdgeMetrics()
    {
        var metrics = Metrics.WithCustomRegistry(_registry);
        _state = metrics.CreateGauge("supervisor_agent_state", "1 for the state the agent is in, 0 for every other.", "agent", "state");
        _restarts = metrics.CreateCounter("supervisor_agent_restarts_total", "Runs that followed an earlier one, by the reason they were begun.", "agent", "reason");
        _late = metrics.CreateGauge("supervisor_loop_late_seconds", "How late a control loop is; 0 in time.", "loop");
        _eventLogDegraded = metrics.CreateGauge("supervisor_event_log_degraded", "1 while events cannot be written to disk.");
        _cpu = metrics.CreateCounter("process_cpu_time_seconds_total", "CPU time of the daemon.");
        _memory = metrics.CreateGauge("process_memory_usage_bytes", "Resident memory of the daemon.");
        _threads = metrics.CreateGauge("process_thread_count", "Threads of the daemon.");
        _files = metrics.CreateGauge("process_unix_file_descriptor_count", "Open file descriptors of the daemon.");
        _uptime = metrics.CreateGauge("process_uptime_seconds", "How long the daemon runs.");
    }

    /// <summary>Call with every event that the node's log records.</summary>
    public void Observe(EventEntry entry)
    {
        if (entry is { Type: "agent.run-decided", Agent: { } agent, Run: > 1 })
        {
            var reason = entry.Data.TryGetProperty("reason", out var text) ? text.GetString() ?? "" : "";

            // A sentence as a label would make a series of its own each time.
            _restarts.WithLabels(agent, Word().IsMatch(reason) ? reason : "other").Inc();
        }
    }

    public async Task WriteAsync(Stream to, IReadOnlyList<AgentStatus> agents, IReadOnlyList<LateLoop> loops, bool eventLogDegraded, CancellationToken cancel)
    {
        foreach (var gone in _state.GetAllLabelValues().Where(l => agents.All(a => a.Id.Value != l[0])).ToList())
        {
            _state.RemoveLabelled(gone);
        }

        foreach (var agent in agents)
        {
            foreach (var phase in Enum.GetValues<AgentPhase>())
            {
                _state.WithLabels(agent.Id.Value, Words.Of(phase)).Set(agent.State == phase ? 1 : 0);
            }
        }

        foreach (var loop in loops)
        {
            _late.WithLabels(loop.Name).Set(loop.By.TotalSeconds);
        }

        _eventLogDegraded.Set(eventLogDegraded ? 1 : 0);
        using var self = Process.GetCurrentProcess();
        _cpu.IncTo(self.TotalProcessorTime.TotalSeconds);
        _memory.Set(self.WorkingSet64);
        _threads.Set(self.Threads.Count);
        _files.Set(Directory.GetFileSystemEntries("/proc/self/fd").Length);
        _uptime.Set((DateTime.Now - self.StartTime).TotalSeconds);
        await _registry.CollectAndExportAsTextAsync(to, ExpositionFormat.PrometheusText, cancel);
    }

    [GeneratedRegex("^[a-z][a-z-]{0,39}$")]
    private static partial Regex Word();
}

public static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", async (
        EdgeMetrics metrics, IFleetClient fleet, LoopMonitor loops, HttpContext http) =>
    {
        var cancel = http.RequestAborted;
        var agents = await fleet.GetAgentsAsync(cancel);
        var events = await fleet.GetEventLogHealthAsync(cancel);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await metrics.WriteAsync(http.Response.Body, agents, loops.Lateness(DateTimeOffset.UtcNow), events.Degraded is not null, cancel);
    });
}
