using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Supervisor.Messages;

namespace Supervisor.Actors.Costs;

public enum CloudProvider { None, Aws }

public sealed record CloudOptions
{
    [Description("none or aws.")]
    public CloudProvider Provider { get; init; } = CloudProvider.None;

    [Required, RegularExpression(Addresses.Region, ErrorMessage = Addresses.RegionHint), Description("The provider's region.")]
    public string Region { get; init; } = "us-west-2";

    [Description("Instances that belong to the fleet carry this tag.")]
    public CloudTag Tag { get; init; } = new();

    [Description("Overrides of the provider's addresses, by service.")]
    public CloudEndpoints Endpoints { get; init; } = new();

    [Description("Times of day, UTC, at which the ledger is compared with the provider's bill.")]
    public IReadOnlyList<TimeOnly> Reconcile { get; init; } = [new(6, 0), new(14, 0), new(22, 0)];
}

public sealed record CloudTag
{
    [Required, MaxLength(128), Description("The tag's key.")]
    public string Key { get; init; } = "project";

    [MaxLength(256), Description("The tag's value.")]
    public string Value { get; init; } = "";
}

public sealed record CloudEndpoints
{
    [RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Instances.")]
    public string Ec2 { get; init; } = "";

    [RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Cost Explorer.")]
    public string Ce { get; init; } = "";

    [RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Notifications.")]
    public string Sns { get; init; } = "";

    [RegularExpression(Addresses.Web, ErrorMessage = Addresses.WebHint), Description("Models.")]
    public string Bedrock { get; init; } = "";
}
