using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages.Agents;

namespace Supervisor.Actors.Costs;

/// <summary>fleet: everything; agent: each agent by itself; agents: those named, together; cloud: what the provider bills.</summary>
public enum BudgetScope { Fleet, Agent, Agents, Cloud }

public enum WhenExhausted { Stop, Economy, Alert }

public sealed record BudgetOptions
{
    [Required, RegularExpression(AgentOptions.NamePattern, ErrorMessage = AgentOptions.NameHint), Description("The budget's name.")]
    public string Id { get; init; } = "";

    [Description("fleet, agent (each agent of agents), agents (together) or cloud.")]
    public BudgetScope Scope { get; init; } = BudgetScope.Fleet;

    [Description("Agents; empty: all.")]
    public IReadOnlyList<string> Agents { get; init; } = [];

    [Range(typeof(decimal), "0", "1000000"), Description("US dollars per UTC day.")]
    public decimal Daily { get; init; } = 100.00m;

    [Range(typeof(decimal), "0", "10", MinimumIsExclusive = true), Description("Fractions of the budget, each of which alerts once a day.")]
    public IReadOnlyList<decimal> Alerts { get; init; } = [0.8m, 1.0m];

    [Description("What happens when it is spent: stop, economy or alert.")]
    public WhenExhausted OnExhausted { get; init; } = WhenExhausted.Stop;

    [Range(typeof(decimal), "0", "1"), Description("Fraction at which economy mode begins; 0: never.")]
    public decimal EconomyAt { get; init; } = 0.9m;
}
