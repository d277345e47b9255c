namespace P2PDB.Engine;

/// <summary>What a login knows of its connection, for an account that asks for more than a password.</summary>
public readonly record struct LoginConditions
{
    /// <summary>User name, as the client gave it.</summary>
    public required string User { get; init; }

    /// <summary>Host that the client comes from.</summary>
    public required string Host { get; init; }

    /// <summary>True where the connection is encrypted. A socket file, though nobody listens there, is not: REQUIRE SSL asks for TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>True where the client showed a certificate that was verified.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>Cipher of the connection; empty where it is not encrypted.</summary>
    public string Cipher { get; init; }

    /// <summary>Issuer of the client's certificate, as MySQL writes it; empty without one.</summary>
    public string Issuer { get; init; }

    /// <summary>Subject of the client's certificate, as MySQL writes it; empty without one.</summary>
    public string Subject { get; init; }

    /// <summary>True for a client that can change an expired password.</summary>
    public bool HandlesExpiredPassword { get; init; }
}
