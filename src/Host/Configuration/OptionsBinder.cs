using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Supervisor.Host.Configuration.Yaml;
using Supervisor.Messages;

namespace Supervisor.Host.Configuration;

/// <summary>
/// Nodes to option records, by reflection. A mistake is recorded with its place and binding goes on, so that all of them are told at once;
/// the key then keeps its default, and the caller must not use the result.
/// </summary>
internal sealed class OptionsBinder(string file, ErrorList errors, Places places)
{
    // Aliases can name one large node very often; no fleet comes near this.
    private const int MaxValues = 500_000;
    private int _values;

    public T Root<T>(YamlNode node) where T : class => (T?)Value(typeof(T), node, "") ?? Activator.CreateInstance<T>();

    private object? Value(Type type, YamlNode node, string key)
    {
        if (++_values > MaxValues)
        {
            throw new YamlFault(node.At, "the aliases of this file expand to too much");
        }
        return OptionsShape.Of(type) switch
        {
            Shape.Record => node is YamlMap map ? Record(type, map) : Wrong(node, key, "a mapping", "{}"),
            Shape.List => node is YamlList list ? List(OptionsShape.Item(type), list, key) : Wrong(node, key, "a list", "[]"),
            Shape.Dictionary => node is YamlMap map ? Dictionary(map, key) : Wrong(node, key, "a mapping", "{}"),
            _ => node is YamlText text ? Scalar(type, text, key) : Wrong(node, key, OptionsShape.Words(type), null),
        };
    }

    private object Record(Type type, YamlMap map)
    {
        var record = Activator.CreateInstance(type)!;
        places.Add(record, map);
        var properties = OptionsShape.Properties(type).ToDictionary(Spelling.Key);
        foreach (var entry in map.Entries)
        {
            if (properties.TryGetValue(entry.Key.Value, out var property))
            {
                Property(record, property, entry);
            }
            else
            {
                errors.Add(entry.Key.At, Unknown(type, entry.Key.Value, properties.Keys));
            }
        }
        foreach (var (key, property) in properties.Where(p => OptionsShape.IsRequired(p.Value) && !places.Has(record, p.Key)))
        {
            errors.Add(map.At, $"missing key '{key}': {OptionsShape.Describe(property)}");
        }
        return record;
    }

    private static string Unknown(Type type, string key, IReadOnlyCollection<string> known)
    {
        var near = Nearest.Hint(key, known);
        var only = type == typeof(FragmentOptions) ? "; an included file holds only " : "; known here: ";
        return $"unknown key {YamlText.Quote(key)}" + (near.Length > 0 ? near : only + string.Join(", ", known));
    }

    private void Property(object record, PropertyInfo property, YamlEntry entry)
    {
        var key = Spelling.Key(property);
        var before = errors.Found;
        var value = Value(property.PropertyType, entry.Value, key);
        if (errors.Found > before)
        {
            places.MarkBad(record, key);
            if (value is not null)
            {
                property.SetValue(record, value);
            }
            return;
        }
        if (property.IsDefined(typeof(FilePathAttribute)) && value is string path)
        {
            value = Path(path, entry.Value.At);
        }
        if (value is string text && text.Any(char.IsControl))
        {
            errors.Add(entry.Value.At, $"'{key}' holds a control character; remove it");
            return;
        }
        property.SetValue(record, value);
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            OptionsRules.Check(rule, key, value, entry.Value, errors);
        }
    }

    private Array List(Type type, YamlList list, string key)
    {
        var items = list.Items.Select(i => Value(type, i, key)).Where(i => i is not null).ToArray();
        var result = Array.CreateInstance(OptionsShape.Plain(type), items.Length);
        Array.Copy(items, result, items.Length);
        return result;
    }

    private Dictionary<string, string> Dictionary(YamlMap map, string key)
    {
        var result = new Dictionary<string, string>();
        foreach (var entry in map.Entries)
        {
            if (Value(typeof(string), entry.Value, entry.Key.Value.Length > 0 ? entry.Key.Value : key) is string value)
            {
                result[entry.Key.Value] = value;
            }
        }
        return result;
    }

    private object? Scalar(Type type, YamlText text, string key)
    {
        if (text.Value.Contains('\0'))
        {
            errors.Add(text.At, $"'{key}' holds U+0000, which no program can be given; remove it");
            return null;
        }
        if (OptionsScalars.TryRead(type, text, out var value))
        {
            return value;
        }
        var near = OptionsShape.Of(type) == Shape.Choice ? Nearest.Hint(text.Value, Spelling.Names(OptionsShape.Plain(type))) : "";
        var quoted = text.Plain || OptionsShape.Of(type) is not (Shape.Flag or Shape.Whole or Shape.Number or Shape.Money) ? "" : " in quotes; remove them";
        errors.Add(text.At, $"'{key}' must be {OptionsShape.Words(type)}, found {text.Found}{quoted}{near}");
        return null;
    }

    private string Path(string path, Position at)
    {
        if (path.Length == 0)
        {
            return path;
        }
        if (path[0] == '~')
        {
            errors.Add(at, $"{YamlText.Quote(path)}: '~' is not expanded; write the whole path");
            return path;
        }
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!;
        return System.IO.Path.GetFullPath(path, folder);
    }

    private object? Wrong(YamlNode node, string key, string expected, string? empty)
    {
        var remedy = node.Found == "nothing" && empty is not null ? $"; write {empty} for none" : "";
        var subject = key.Length == 0 ? "the file" : $"'{key}'";
        errors.Add(node.At, $"{subject} must be {expected}, found {node.Found}{remedy}");
        return null;
    }
}
