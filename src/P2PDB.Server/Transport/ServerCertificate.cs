using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace P2PDB.Server.Transport;

/// <summary>The certificate that the server shows to clients who ask for TLS.</summary>
public static class ServerCertificate
{
    /// <summary>Name of the certificate's file in the data directory.</summary>
    public const string CertificateFile = "server-cert.pem";

    /// <summary>Name of the key's file in the data directory.</summary>
    public const string KeyFile = "server-key.pem";

    /// <summary>As long as those that MySQL makes on its first start.</summary>
    private const int ValidDays = 3_650;

    /// <summary>Characters of a label of DNS.</summary>
    private const int HostNameLengthMax = 63;

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>
    /// The certificate in a directory; where there is none yet, one is made that vouches for itself. Clients that are to check it take the
    /// file as their authority.
    /// </summary>
    /// <exception cref="IOException">The files cannot be read or written.</exception>
    /// <exception cref="CryptographicException">They are no certificate and its key.</exception>
    public static SslStreamCertificateContext LoadOrCreate(string directory, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        string certificate = Path.Combine(directory, CertificateFile);
        string key = Path.Combine(directory, KeyFile);
        // The key gets its name first: without a certificate nobody has seen it.
        if (!File.Exists(certificate))
            Create(certificate, key, timeProvider.GetUtcNow());
        else if (!File.Exists(key))
            throw new FileNotFoundException($"{certificate} has lost its key, {key}. Put it back, or delete the certificate: then both are made anew.");
        return Load(certificate, key);
    }

    /// <summary>A certificate in PEM, followed by those that vouch for it if there are any, and its key.</summary>
    /// <exception cref="IOException">The files cannot be read.</exception>
    /// <exception cref="CryptographicException">They are no certificate and its key.</exception>
    public static SslStreamCertificateContext Load(string certificatePath, string keyPath)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(certificatePath);
        others.RemoveAt(0);
        return SslStreamCertificateContext.Create(own, others, offline: true);
    }

    private static void Create(string certificatePath, string keyPath, DateTimeOffset now)
    {
        // An elliptic curve: every client of TLS 1.2 knows this one, and its handshake costs the server a tenth of RSA's.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=P2PDB", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Dns.GetHostName() is { Length: > 0 and <= HostNameLengthMax } host && host != "localhost")
            names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(ValidDays));
        Write(keyPath, key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(certificatePath, certificate.ExportCertificatePem(),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    /// <summary>A crash or a full disk leaves the whole file or none.</summary>
    private static void Write(string path, string pem, UnixFileMode mode)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
