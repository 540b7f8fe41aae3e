using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.Host.Configuration;

/// <summary><c>supervisor config check|diff|schema</c>: data to the one writer, messages to the other, and the exit status.</summary>
public static class ConfigCommands
{
    private const int Ok = 0;
    private const int BadConfiguration = 2;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Check(string? file, bool json, TextWriter output, TextWriter error)
    {
        var fleet = Load(file, error, out var errors);
        if (json)
        {
            output.WriteLine(CheckJson(fleet, errors).ToJsonString());
        }
        else if (fleet is not null)
        {
            var o = fleet.Options;
            output.WriteLine($"{fleet.SourceFile}: ok ({o.Agents.Count} agents, {o.Repositories.Count} repositories, {o.Budgets.Count} budgets)");
        }
        return fleet is null ? BadConfiguration : Ok;
    }

    /// <summary>The configuration named or found; null when it is bad, and every error written.</summary>
    public static LoadedFleet? Load(string? file, TextWriter error) => Load(file, error, out _);

    public static int Diff(FleetDiff diff, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(FleetDiffText.Json(diff).ToJsonString());
        }
        else
        {
            FleetDiffText.Write(diff, output);
        }
        return Ok;
    }

    public static int Schema(TextWriter output)
    {
        output.WriteLine(SchemaText());
        return Ok;
    }

    internal static string SchemaText() => OptionsSchema.Create().ToJsonString(Indented);

    private static LoadedFleet? Load(string? file, TextWriter error, out IReadOnlyList<ConfigError> errors)
    {
        errors = [];
        var (found, missing) = ConfigLocator.Find(file);
        if (found is null)
        {
            error.WriteLine(missing);
            return null;
        }
        var result = FleetLoader.Load(found);
        errors = result.Errors;
        foreach (var wrong in errors)
        {
            error.WriteLine(wrong);
        }
        return result.Fleet;
    }

    private static JsonObject CheckJson(LoadedFleet? fleet, IReadOnlyList<ConfigError> errors) => new()
    {
        ["ok"] = fleet is not null,
        ["errors"] = new JsonArray([.. errors.Select(e => new JsonObject { ["file"] = e.File, ["line"] = e.Line, ["column"] = e.Column, ["message"] = e.Message })]),
    };
}
