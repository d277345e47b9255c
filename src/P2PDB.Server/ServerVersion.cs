namespace P2PDB.Server;

/// <summary>How the server announces itself.</summary>
internal static class ServerVersion
{
    /// <summary>utf8mb4_0900_ai_ci, the default of MySQL 8.4.</summary>
    public const byte DefaultCollationId = 255;

    /// <summary>Collation id of byte strings, numbers and temporals.</summary>
    public const byte BinaryCollationId = 63;

    /// <summary>Version in the greeting: the MySQL whose behaviour is kept, then the product's.</summary>
    public static ReadOnlySpan<byte> Text => "8.4.0-p2pdb-0.1.0"u8;
}
