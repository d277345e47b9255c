using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace P2PDB.Server.Authentication;

/// <summary>
/// The certificate that TLS shows: a given one, or one made at the first start. Then <c>ca.pem</c> is what clients may
/// trust; the key of that authority is forgotten at once, so that nobody can ever sign another server's certificate with it.
/// </summary>
public static class ServerCertificate
{
    private const string AuthorityFile = "ca.pem";
    private const string CertificateFile = "server-cert.pem";
    private const string KeyFile = "server-key.pem";
    private const int SerialLength = 16;

    /// <summary>MySQL gives its own ten years too.</summary>
    private const int ValidYears = 10;

    /// <summary>Reads a certificate, with those that follow it in its file, and its key; both PEM.</summary>
    /// <exception cref="CryptographicException">The files hold something else, or do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SslStreamCertificateContext Load(string certificatePath, string keyPath)
    {
        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(certificatePath);
        return SslStreamCertificateContext.Create(certificate, all, offline: true);
    }

    /// <summary>Reads the certificate of a data directory, and makes it where there is none.</summary>
    /// <exception cref="CryptographicException">The files hold something else, or do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static SslStreamCertificateContext LoadOrCreate(string directory, DateTimeOffset now)
    {
        string certificatePath = Path.Combine(directory, CertificateFile);
        string keyPath = Path.Combine(directory, KeyFile);
        if (!File.Exists(certificatePath) || !File.Exists(keyPath))
            Create(directory, certificatePath, keyPath, now);
        return Load(certificatePath, keyPath);
    }

    private static void Create(string directory, string certificatePath, string keyPath, DateTimeOffset now)
    {
        DateTimeOffset from = now.AddDays(-1), until = now.AddYears(ValidYears);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=P2PDB_Auto_Generated_CA_Certificate", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=P2PDB_Auto_Generated_Server_Certificate", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));   // server
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(SerialLength));

        // The key first: a start that ends in between makes both anew.
        Write(keyPath, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        Write(Path.Combine(directory, AuthorityFile), authority.ExportCertificatePem(), isSecret: false);
        Write(certificatePath, certificate.ExportCertificatePem(), isSecret: false);
    }

    private static void Write(string path, string text, bool isSecret)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
        writer.Write('\n');
    }
}
