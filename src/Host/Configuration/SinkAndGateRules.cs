using Supervisor.Actors.Alerts;
using Supervisor.Actors.Repairs;

namespace Supervisor.Host.Configuration;

/// <summary>Settings of which a sink's kind, or a gate, needs exactly one form.</summary>
internal sealed class SinkAndGateRules(ErrorList errors, Places places)
{
    public void Check(FleetOptions fleet)
    {
        foreach (var sink in fleet.Alerts.Sinks)
        {
            Sink(sink);
        }
        foreach (var gate in fleet.Repairs.Gates)
        {
            Gate(gate);
        }
    }

    private void Sink(SinkOptions sink)
    {
        if (sink.Kind is not { } kind)
        {
            return;
        }
        (SinkKind Kind, string Key, bool Given)[] needs =
        [
            (SinkKind.Webhook, "url", sink.Url.Length > 0), (SinkKind.Sns, "topic", sink.Topic.Length > 0),
            (SinkKind.Command, "command", sink.Command.Count > 0), (SinkKind.File, "path", sink.Path.Length > 0),
        ];
        var name = Spelling.Of(typeof(SinkKind), kind);
        var own = needs.Single(n => n.Kind == kind);
        if (!own.Given && !places.IsBad(sink, own.Key))
        {
            errors.Add(places.Of(sink, own.Key), $"sink '{sink.Id}' of kind {name} needs '{own.Key}'");
        }
        foreach (var other in needs.Where(n => n.Kind != kind && n.Given))
        {
            errors.Add(places.Of(sink, other.Key), $"'{other.Key}' means nothing for a sink of kind {name}; remove it, or write kind: {Spelling.Of(typeof(SinkKind), other.Kind)}");
        }
    }

    private void Gate(GateOptions gate)
    {
        var (run, workflow) = (gate.Run.Count > 0, gate.Workflow.Length > 0 || gate.Job.Length > 0);
        if (places.IsBad(gate, "run") || places.IsBad(gate, "workflow") || places.IsBad(gate, "job"))
        {
            return;
        }
        if (run == workflow)
        {
            errors.Add(places.Of(gate), "a gate needs either 'run', or 'workflow' and 'job'");
        }
        else if (workflow && (gate.Workflow.Length == 0 || gate.Job.Length == 0))
        {
            errors.Add(places.Of(gate), "'workflow' and 'job' are needed together: a gate is one job of a workflow");
        }
    }
}
