using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>Checks the certificate that Redis shows: its authority, its dates and its host name, always all three.</summary>
internal sealed class RedisCertificate
{
    private readonly string? _authorityFile;
    private volatile string? _problem;

    private RedisCertificate(string? authorityFile) => _authorityFile = authorityFile;

    /// <summary>Why the last certificate was refused, and what to do; null when it was not. StackExchange.Redis itself does not say.</summary>
    public string? Problem => _problem;

    /// <summary>Has connections of these options checked.</summary>
    /// <param name="authorityFile">A PEM file of the authorities to trust instead of the machine's own.</param>
    /// <exception cref="UsageException">The file cannot be used.</exception>
    public static RedisCertificate Check(ConfigurationOptions options, string? authorityFile, string origin)
    {
        var check = new RedisCertificate(authorityFile);
        if (authorityFile is not null && !options.Ssl)
        {
            throw new UsageException($"{origin} has no meaning without TLS; give the address as rediss://, or leave it out.");
        }

        var policy = authorityFile is null ? null : Policy(Read(authorityFile, origin));
        options.SslClientAuthenticationOptions = host => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None,
            CertificateRevocationCheckMode = options.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => check.Accepts(certificate as X509Certificate2, chain, errors),
        };
        return check;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        // A private authority seldom publishes what it revokes.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static X509Certificate2Collection Read(string path, string origin)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"{origin}: cannot read file '{path}': {e.Message}");
        }

        return authorities.Count > 0
            ? authorities
            : throw new UsageException($"{origin}: file '{path}' holds no certificate; it should have lines of -----BEGIN CERTIFICATE-----.");
    }

    private bool Accepts(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _problem = errors == SslPolicyErrors.None ? null : Explain(certificate, chain, errors);
        return _problem is null;
    }

    private string Explain(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return "shows no certificate";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return $"shows a certificate that is valid only from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}: renew it";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return _authorityFile is null
                ? $"shows a certificate that this machine does not trust ({status}): give its authority's file with --{Settings.RedisCa.Name} or {Settings.RedisCa.Variable}"
                : $"shows a certificate that is not from the authority in '{_authorityFile}' ({status}): is it the right file, or somebody else's Redis?";
        }

        return $"shows a certificate for {Names(certificate)}: use a name that it holds, or have it made out for this one";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())));
        return names.Any() ? string.Join(", ", names) : certificate.Subject;
    }
}
