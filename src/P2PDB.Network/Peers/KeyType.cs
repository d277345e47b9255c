namespace P2PDB.Network.Peers;

/// <summary>Kinds of libp2p identity keys, with the numbers of the peer-id specification.</summary>
public enum KeyType : byte
{
    /// <summary>RSA; its peer ids are SHA-256 multihashes.</summary>
    Rsa = 0,

    /// <summary>Ed25519: the only kind this project signs with.</summary>
    Ed25519 = 1,

    /// <summary>secp256k1.</summary>
    Secp256k1 = 2,

    /// <summary>ECDSA; its peer ids are SHA-256 multihashes.</summary>
    Ecdsa = 3,
}
