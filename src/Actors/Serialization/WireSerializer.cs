using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Akka.Serialization;
using Supervisor.Messages;

namespace Supervisor.Actors.Serialization;

/// <summary>Writes every <see cref="IWireMessage"/> as JSON under its manifest of <see cref="WireTypes"/>.</summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    // Part of every stored message: it never changes.
    public override int Identifier => 8558;

    public override string Manifest(object o) => TypeOf(o).Manifest;

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, TypeOf(obj).Type, WireJson.Wire);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!WireTypes.ByManifest.TryGetValue(manifest, out var wire))
        {
            throw new SerializationException($"no message is known under the manifest '{manifest}': a newer node wrote it, or its line is missing from WireTypes");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, wire.Type, WireJson.Wire)
                ?? throw new SerializationException($"a message of manifest '{manifest}' is null");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new SerializationException($"a message of manifest '{manifest}' cannot be read: {e.Message}", e);
        }
    }

    private static WireType TypeOf(object message) => WireTypes.ByType.TryGetValue(message.GetType(), out var wire)
        ? wire
        : throw new SerializationException($"{message.GetType()} has no line in WireTypes");
}

public static class WireSerializationHosting
{
    /// <summary>Binds our messages to <see cref="WireSerializer"/>, and lets nothing fall back to a serializer that writes .NET type names.</summary>
    public static AkkaConfigurationBuilder WithWireSerialization(this AkkaConfigurationBuilder builder) => builder
        .WithCustomSerializer("supervisor-wire", [typeof(IWireMessage)], system => new WireSerializer(system))
        .WithStrictSerialization();
}
