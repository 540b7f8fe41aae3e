using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Supervisor.Host.Configuration;

/// <summary>The JSON Schema of a configuration file, for editors; the loader is stricter, for it also knows what belongs together.</summary>
internal static class OptionsSchema
{
    private const string Duration = "^(0|[0-9]{1,9}(ms|s|m|h|d))$";
    private const string Size = "^(0|[0-9]{1,18}(B|KiB|MiB|GiB|TiB))$";
    private const string OptionalSize = "^(|0|[0-9]{1,18}(B|KiB|MiB|GiB|TiB))$";

    public static JsonObject Create()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Supervisor configuration",
        };
        foreach (var (key, value) in Record(typeof(FleetOptions)).ToList())
        {
            schema[key] = value?.DeepClone();
        }
        return schema;
    }

    private static JsonObject Record(Type type)
    {
        var properties = OptionsShape.Properties(type);
        var defaults = Activator.CreateInstance(type)!;
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(Spelling.Key(p), (JsonNode?)Property(p, defaults)))),
        };
        var required = properties.Where(OptionsShape.IsRequired).Select(p => (JsonNode)Spelling.Key(p)).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }
        return schema;
    }

    private static JsonObject Property(PropertyInfo property, object defaults)
    {
        var schema = new JsonObject { ["description"] = OptionsShape.Describe(property) };
        foreach (var (key, value) in Value(property.PropertyType, property).ToList())
        {
            schema[key] = value?.DeepClone();
        }
        if (!OptionsShape.IsRequired(property) && OptionsShape.Of(property.PropertyType) != Shape.Record)
        {
            schema["default"] = OptionsJson.Of(property.GetValue(defaults)) ?? "";
        }
        return schema;
    }

    private static JsonObject Value(Type type, PropertyInfo rules) => OptionsShape.Of(type) switch
    {
        Shape.Record => Record(type),
        Shape.List => List(type, rules),
        Shape.Dictionary => new() { ["type"] = "object", ["additionalProperties"] = Literal(), ["propertyNames"] = Pattern(rules, required: true) },
        Shape.Text => Pattern(rules, rules.IsDefined(typeof(RequiredAttribute))),
        Shape.Flag => new() { ["type"] = "boolean" },
        Shape.Whole => Limits(new() { ["type"] = "integer" }, rules),
        Shape.Number or Shape.Money => Limits(new() { ["type"] = "number" }, rules),
        Shape.Duration => Limits(ZeroOr(Duration), rules),
        Shape.Size => ZeroOr(Nullable.GetUnderlyingType(type) is null ? Size : OptionalSize),
        Shape.Time => new() { ["type"] = "string", ["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9]$" },
        _ => new() { ["enum"] = new JsonArray([.. Spelling.Names(OptionsShape.Plain(type)).Select(n => (JsonNode)n)]) },
    };

    private static JsonObject List(Type type, PropertyInfo rules)
    {
        var item = OptionsShape.Item(type);
        // Items of a list of text are taken literally, so a number stands for its digits there; a pattern is for text.
        var items = OptionsShape.Of(item) != Shape.Text ? Value(item, rules) : rules.IsDefined(typeof(RegularExpressionAttribute)) ? Pattern(rules, required: true) : Literal();
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        if (rules.GetCustomAttribute<MinLengthAttribute>() is { } least)
        {
            schema["minItems"] = least.Length;
        }
        return schema;
    }

    private static JsonObject Literal() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    private static JsonObject ZeroOr(string pattern) => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 0 }, new JsonObject { ["type"] = "string", ["pattern"] = pattern }),
    };

    private static JsonObject Pattern(PropertyInfo rules, bool required)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (rules.GetCustomAttribute<RegularExpressionAttribute>() is { } expression)
        {
            schema["pattern"] = required ? expression.Pattern : $"^$|{expression.Pattern}";
        }
        else if (required)
        {
            schema["minLength"] = 1;
        }
        if (rules.GetCustomAttribute<MaxLengthAttribute>() is { } most)
        {
            schema["maxLength"] = most.Length;
        }
        return schema;
    }

    private static JsonObject Limits(JsonObject schema, PropertyInfo rules)
    {
        if (rules.GetCustomAttribute<RangeAttribute>() is not { } range)
        {
            return schema;
        }
        if (range.OperandType == typeof(TimeSpan))
        {
            // A schema cannot compare durations; a person can.
            schema["$comment"] = OptionsRules.Range(range);
            return schema;
        }
        schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
        schema["maximum"] = Number(range.Maximum);
        return schema;
    }

    private static JsonValue Number(object limit) => JsonValue.Create(Convert.ToDecimal(limit, CultureInfo.InvariantCulture));
}
