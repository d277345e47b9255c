namespace P2PDB.Engine;

/// <summary>Who opens a session, and from where.</summary>
public sealed record SessionOptions
{
    /// <summary>User name, as the client gave it.</summary>
    public string User { get; init; } = "root";

    /// <summary>Host that it comes from.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>
    /// The account that the client has proved to be, whose privileges decide; null for the program that the engine runs in, which may do
    /// everything.
    /// </summary>
    public Account? Account { get; init; }

    /// <summary>Connection id, or null to have one given.</summary>
    public uint? ConnectionId { get; init; }

    /// <summary>True where UPDATE answers with the rows it found rather than those it changed.</summary>
    public bool CountsFoundRows { get; init; }

    /// <summary>Version of TLS that the client speaks, as MySQL writes it; empty for none.</summary>
    public string TlsVersion { get; init; } = "";

    /// <summary>Cipher suite of TLS; empty for none.</summary>
    public string TlsCipher { get; init; } = "";
}
