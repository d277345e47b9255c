using System.Net;

namespace P2PDB.Host.Options;

/// <summary>What one node is started with. Made by <see cref="SettingsReader"/> from flags, environment and file.</summary>
internal sealed record NodeSettings
{
    /// <summary>The data directory; made when it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where MySQL clients connect; null when the server is off.</summary>
    public required IPEndPoint? MySql { get; init; }

    /// <summary>Multiaddresses that peers connect to; empty when the network is off.</summary>
    public required IReadOnlyList<string> P2p { get; init; }

    /// <summary>Multiaddresses of peers that this node keeps itself connected to.</summary>
    public required IReadOnlyList<string> Peers { get; init; }

    /// <summary>Where HTTP is served; null when it is off.</summary>
    public required IPEndPoint? Http { get; init; }

    /// <summary>Whether peers on the local network are discovered by mDNS; null for where this node listens beyond loopback.</summary>
    public required bool? Mdns { get; init; }

    /// <summary>Which store holds the rows: <c>memory</c> or <c>file</c>.</summary>
    public required string Store { get; init; }

    /// <summary>Bytes of memory for the pages of the store <c>file</c>.</summary>
    public required long StoreMemory { get; init; }

    /// <summary>Bytes of changes between two checkpoints of the store <c>file</c>.</summary>
    public required long CheckpointInterval { get; init; }

    /// <summary>Whether clients may send files for LOAD DATA LOCAL.</summary>
    public required bool LocalInfile { get; init; }

    /// <summary>The directory whose files LOAD DATA without LOCAL may read; null for none.</summary>
    public required string? SecureFilePriv { get; init; }

    /// <summary>A file whose first line is root's password; null leaves root without one, on loopback only.</summary>
    public required string? PasswordFile { get; init; }

    /// <summary>Whether MySQL clients are offered TLS.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>The certificate to show, PEM; null for the data directory's own.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>The key of <see cref="TlsCertificateFile"/>, PEM.</summary>
    public string? TlsKeyFile { get; init; }
}
