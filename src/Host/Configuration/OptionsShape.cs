using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Supervisor.Messages;

namespace Supervisor.Host.Configuration;

/// <summary>What an option's type allows in a file.</summary>
internal enum Shape { Text, Flag, Whole, Number, Money, Duration, Size, Time, Choice, List, Dictionary, Record }

/// <summary>Options read by reflection: the one description that the binder, the schema and the canonical form share.</summary>
internal static class OptionsShape
{
    public static Shape Of(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => Shape.Text,
        var t when t == typeof(bool) => Shape.Flag,
        var t when t == typeof(int) => Shape.Whole,
        var t when t == typeof(double) => Shape.Number,
        var t when t == typeof(decimal) => Shape.Money,
        var t when t == typeof(TimeSpan) => Shape.Duration,
        var t when t == typeof(ByteSize) => Shape.Size,
        var t when t == typeof(TimeOnly) => Shape.Time,
        { IsEnum: true } => Shape.Choice,
        var t when t == typeof(IReadOnlyDictionary<string, string>) => Shape.Dictionary,
        { IsGenericType: true } t when t.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => Shape.List,
        { IsClass: true, IsSealed: true } => Shape.Record,
        var t => throw new NotSupportedException($"options cannot hold a {t}"),
    };

    public static Type Item(Type list) => list.GetGenericArguments()[0];

    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    public static IReadOnlyList<PropertyInfo> Properties(Type record) =>
        [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)];

    public static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(RequiredAttribute)) && (property.GetValue(Activator.CreateInstance(property.DeclaringType!)) is null or "");

    public static string Describe(PropertyInfo property) =>
        property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no description");

    /// <summary>What one value of the shape looks like, in words.</summary>
    public static string Words(Type type) => Of(type) switch
    {
        Shape.Text => "text",
        Shape.Flag => "true or false",
        Shape.Whole => "a whole number",
        Shape.Number or Shape.Money => "a number",
        Shape.Duration => "a duration such as 500ms, 10s, 2m, 1h or 3d",
        Shape.Size => "a size such as 64KiB, 10MiB or 5GiB",
        Shape.Time => "a time of day such as 06:00",
        Shape.Choice => "one of " + string.Join(", ", Spelling.Names(Plain(type))),
        Shape.List => "a list",
        _ => "a mapping",
    };
}
