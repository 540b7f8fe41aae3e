using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;
using Supervisor.Host.Configuration;
using Supervisor.Host.Configuration.Yaml;
using static Supervisor.Host.Tests.Configuration.Loading;

namespace Supervisor.Host.Tests.Configuration;

public sealed class SchemaTests
{
    [Fact]
    public void The_schema_in_config_is_the_one_that_the_options_make() =>
        Assert.Equal(ConfigCommands.SchemaText() + "\n", File.ReadAllText(Path.Combine(ConfigFolder, "supervisor.schema.json")));

    [Theory]
    [InlineData("minimal.yaml")]
    [InlineData("fleet.yaml")]
    [InlineData("claudefs.yaml")]
    [InlineData("supervisor.yaml")]
    public async Task A_file_in_config_is_valid_by_the_schema(string name)
    {
        var schema = await JsonSchema.FromJsonAsync(ConfigCommands.SchemaText());
        var file = Path.Combine(ConfigFolder, name);
        var json = Json(YamlComposer.Compose(file, YamlSource.Read(file), new ErrorList()))!.ToJsonString();
        Assert.Empty(schema.Validate(json).Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("""{"phase":"one"}""")]
    [InlineData("""{"wat":1}""")]
    [InlineData("""{"watchdog":{"sweep":"2 minutes"}}""")]
    [InlineData("""{"watchdog":{"sweep":10}}""")]
    [InlineData("""{"agents":[{"id":"a"}]}""")]
    [InlineData("""{"agents":[{"id":"../a","kind":"command"}]}""")]
    [InlineData("""{"agents":[{"id":"a","kind":"claude"}]}""")]
    [InlineData("""{"node":{"maxStarts":0}}""")]
    [InlineData("""{"budgets":[{"id":"b","alerts":[0]}]}""")]
    public async Task What_the_loader_refuses_the_schema_refuses(string json) =>
        Assert.NotEmpty((await JsonSchema.FromJsonAsync(ConfigCommands.SchemaText())).Validate(json));

    // As YAML's core schema reads it.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Json(e.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlText { Plain: true, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlText { Plain: true } text when decimal.TryParse(text.Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlText text => JsonValue.Create(text.Value),
        _ => null,
    };
}
