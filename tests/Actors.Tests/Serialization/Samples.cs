using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Supervisor.Messages;

namespace Supervisor.Actors.Tests.Serialization;

/// <summary>Fills any record with values that depend on nothing but its shape, so that golden files stay still.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, 123, TimeSpan.Zero);

    public static object Of(Type type) => Of(type, type.Name);

    private static object Of(Type type, string name) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => Of(inner, name),
        _ when type == typeof(string) => $"{name} \"1\" ü",
        _ when type == typeof(int) => 7,
        _ when type == typeof(long) => 70_000_000_000,
        _ when type == typeof(double) => 1.5,
        _ when type == typeof(decimal) => 12.3400m,
        _ when type == typeof(bool) => true,
        _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(90_061_001),
        _ when type == typeof(DateTimeOffset) => At,
        _ when type == typeof(ByteSize) => new ByteSize(1 << 20),
        _ when type == typeof(AgentId) => new AgentId("A1"),
        _ when type == typeof(RepositoryId) => new RepositoryId("app"),
        { IsEnum: true } => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!,
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => List(type, name),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ImmutableList<>) => ImmutableListOf(type, name),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => Dictionary(type),
        { IsClass: true } => Record(type),
        _ => throw new InvalidOperationException($"no sample for {type}"),
    };

    private static object List(Type type, string name)
    {
        var item = type.GetGenericArguments()[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Of(item, name));
        return list;
    }

    private static object ImmutableListOf(Type type, string name) =>
        typeof(ImmutableList).GetMethods().Single(m => m is { Name: nameof(ImmutableList.Create) } && m.GetParameters() is [{ ParameterType.IsGenericParameter: true }])
            .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [Of(type.GetGenericArguments()[0], name)])!;

    private static object Dictionary(Type type)
    {
        var arguments = type.GetGenericArguments();
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        dictionary.Add(Of(arguments[0], "Key"), Of(arguments[1], "Value"));
        return dictionary;
    }

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var record = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, p.Name!))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            property.SetValue(record, Of(property.PropertyType, property.Name));
        }

        return record;
    }
}
