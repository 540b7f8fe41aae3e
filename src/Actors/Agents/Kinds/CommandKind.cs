using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Agents.Kinds;

/// <summary>Any program: no session, no input, no format. Its lines are signs of life and nothing more.</summary>
public sealed class CommandKind : IAgentKind
{
    public AgentKind Kind => AgentKind.Command;

    public bool CanResume => false;

    public Launch Launch(LaunchContext context) =>
        new([.. context.Options.Command, .. context.Options.Args], ReadOnlyMemory<byte>.Empty, KeepInputOpen: false, Session: null);

    public IStreamReader CreateReader(string? session = null) => new Reader();

    public ReadOnlyMemory<byte>? Message(string text) => null;

    public string? SessionFile(string session, string workingDirectory, IReadOnlyDictionary<string, string> environment) => null;

    sealed class Reader : IStreamReader
    {
        static readonly AgentReport[] Life = [new AgentReport.Activity("output")];

        public IReadOnlyList<AgentReport> Read(ReadOnlySpan<byte> line, DateTimeOffset now) => Life;
    }
}
