namespace P2PDB.Engine;

/// <summary>Who opens a session, and from where.</summary>
public sealed record SessionOptions
{
    /// <summary>User name, as the client gave it.</summary>
    public string User { get; init; } = "root";

    /// <summary>Host that it comes from.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Connection id, or null to have one given.</summary>
    public uint? ConnectionId { get; init; }

    /// <summary>True where UPDATE answers with the rows it found rather than those it changed.</summary>
    public bool CountsFoundRows { get; init; }

    /// <summary>Version of TLS that the client's connection has, as TLSv1.3; empty for none. SHOW STATUS shows it.</summary>
    public string TlsVersion { get; init; } = "";

    /// <summary>Cipher suite of the client's connection; empty without TLS. SHOW STATUS shows it.</summary>
    public string TlsCipher { get; init; } = "";
}
