using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;
using Supervisor.Host.Configuration;

namespace Supervisor.Host;

/// <summary>Mutual TLS between nodes: whoever cannot show a certificate of the fleet's own authority is not spoken to.</summary>
public static class ClusterTls
{
    public const string Enabled = "akka.remote.dot-netty.tcp.enable-ssl = on";

    public static DotNettySslSetup Setup(TlsOptions tls)
    {
        using var pem = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
        // SChannel's heritage: the stack wants a key that was once in a PKCS #12 store.
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var authority = X509CertificateLoader.LoadCertificateFromFile(tls.Ca);
        return new DotNettySslSetup(certificate, suppressValidation: false, requireMutualAuthentication: true, (peer, _, _, errors, _) => IsOurs(peer, authority, errors));
    }

    /// <summary>By our authority alone, whatever this machine trusts besides. Nodes are known by certificate and not by host name.</summary>
    private static bool IsOurs(X509Certificate2? peer, X509Certificate2 authority, SslPolicyErrors errors)
    {
        if (peer is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(peer);
    }
}
