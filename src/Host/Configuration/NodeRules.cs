using Supervisor.Actors.Costs;
using Supervisor.Host.Configuration.Yaml;

namespace Supervisor.Host.Configuration;

/// <summary>What a node may listen on, and with which protection.</summary>
internal sealed class NodeRules(ErrorList errors, Places places)
{
    private const string AddressHint = "write host:port, e.g. 127.0.0.1:8558";

    public void Check(FleetOptions fleet)
    {
        var http = Address(fleet.Http, fleet.Http.Listen, AddressHint);
        if (http is { IsLoopback: false } && fleet.Http.TokenFile.Length == 0 && !places.IsBad(fleet.Http, "tokenFile"))
        {
            errors.Add(places.Of(fleet.Http, "listen"), $"{http} is not loopback; name a 'tokenFile' of mode 0600, or listen on 127.0.0.1");
        }
        var gateway = fleet.Gateway.Listen == GatewayOptions.Off ? null : Address(fleet.Gateway, fleet.Gateway.Listen, AddressHint + ", or \"off\"");
        if (gateway is not null && gateway.Port != 0 && gateway == http)
        {
            errors.Add(places.Has(fleet.Gateway, "listen") ? places.Of(fleet.Gateway, "listen") : places.Of(fleet.Http, "listen"), $"{gateway} is both http.listen and gateway.listen; they are two listeners");
        }
        Cluster(fleet.Cluster);
        if (fleet.Persistence.Provider == PersistenceProvider.Postgres && fleet.Persistence.Connection.Length == 0 && !places.IsBad(fleet.Persistence, "connection"))
        {
            errors.Add(places.Of(fleet.Persistence, "provider"), "provider postgres needs 'connection'");
        }
        if (fleet.Gateway.Prices.Length > 0 && !File.Exists(fleet.Gateway.Prices))
        {
            errors.Add(places.Of(fleet.Gateway, "prices"), $"the price file {fleet.Gateway.Prices} does not exist");
        }
    }

    private void Cluster(ClusterOptions cluster)
    {
        var tls = cluster.Tls;
        string[] given = [tls.Certificate, tls.Key, tls.Ca];
        if (given.Any(f => f.Length > 0) && given.Any(f => f.Length == 0))
        {
            errors.Add(places.Of(tls), "'certificate', 'key' and 'ca' are needed together: the TLS is mutual");
        }
        else if (given[0].Length == 0 && !ListenAddress.Loopback(cluster.Host))
        {
            errors.Add(places.Of(cluster, "host"), $"{YamlText.Quote(cluster.Host)} is not loopback; give 'tls' a certificate, key and ca");
        }
    }

    // Defaults are right by themselves, and have no place in the file.
    private ListenAddress? Address(object section, string listen, string hint)
    {
        var address = ListenAddress.TryParse(listen);
        if (address is null && listen.Length > 0)
        {
            errors.Add(places.Of(section, "listen"), $"'listen' cannot be {YamlText.Quote(listen)}; {hint}");
        }
        return address;
    }
}
