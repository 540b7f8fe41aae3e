using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Supervisor.Actors.Repairs;

public sealed record RepairOptions
{
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00"), Description("How often each gate is run.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    [Required, Description("The model that is asked first.")]
    public string Model { get; init; } = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

    [Required, Description("The model that is asked when the first one failed.")]
    public string StrongModel { get; init; } = "us.anthropic.claude-sonnet-4-6";

    [Description("How often each model is asked before a person is.")]
    public AttemptOptions Attempts { get; init; } = new();

    [Description("What must be green.")]
    public IReadOnlyList<GateOptions> Gates { get; init; } = [];
}

public sealed record AttemptOptions
{
    [Range(0, 20), Description("Attempts with model.")]
    public int Cheap { get; init; } = 3;

    [Range(0, 20), Description("Attempts with strongModel.")]
    public int Strong { get; init; } = 2;
}

public sealed record GateOptions
{
    [Required, Description("The repository that is to be green.")]
    public string Repository { get; init; } = "";

    [Description("argv whose success means green. This, or workflow and job.")]
    public IReadOnlyList<string> Run { get; init; } = [];

    [Description("A workflow file of the repository.")]
    public string Workflow { get; init; } = "";

    [Description("The job of the workflow whose success means green.")]
    public string Job { get; init; } = "";

    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00"), Description("A gate that takes longer is red.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
}
