using System.Net;

namespace P2PDB.Host.Options;

/// <summary>What one node is started with. Made by <see cref="SettingsReader"/> from flags, environment and file.</summary>
internal sealed record NodeSettings
{
    /// <summary>The data directory; made when it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where MySQL clients connect; null when the server is off.</summary>
    public required IPEndPoint? MySql { get; init; }

    /// <summary>A file that MySQL clients of this machine may connect by; null for none.</summary>
    public required string? Socket { get; init; }

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

    /// <summary>The server's certificate in PEM, those that vouch for it behind it; null for one that the node makes.</summary>
    public required string? TlsCertificate { get; init; }

    /// <summary>The key of <see cref="TlsCertificate"/>.</summary>
    public required string? TlsKey { get; init; }

    /// <summary>A file whose first line is root's password; null leaves root without one, on loopback only.</summary>
    public required string? PasswordFile { get; init; }
}
