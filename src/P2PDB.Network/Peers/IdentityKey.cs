// PUBLIC KEY MESSAGE (libp2p peer-id specification), protobuf, deterministic encoding only:
//   field 1 varint  key type
//   field 2 bytes   key data; Ed25519: 32 bytes
using P2PDB.Network.Protobuf;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Peers;

/// <summary>A libp2p public identity key: its kind and its bytes as the protobuf message carries them.</summary>
internal sealed class IdentityKey
{
    private IdentityKey(KeyType type, byte[] data)
    {
        Type = type;
        Data = data;
    }

    /// <summary>The kind of the key.</summary>
    public KeyType Type { get; }

    /// <summary>The key's bytes in the encoding of its kind.</summary>
    public byte[] Data { get; }

    /// <summary>Wraps an Ed25519 key.</summary>
    public static IdentityKey FromEd25519(in PublicKey key) => new(KeyType.Ed25519, key.AsSpan().ToArray());

    /// <summary>Decodes the message; false for anything but its one deterministic encoding.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out IdentityKey? key)
    {
        key = null;
        if (message.Length > Limits.PublicKeyLengthMax)
            return false;

        var reader = new ProtobufReader(message);
        if (!reader.TryReadField(out ProtobufField first, out ulong type, out _) || !first.IsVarint(1) || type > (ulong)KeyType.Ecdsa
            || !reader.TryReadField(out ProtobufField second, out _, out ReadOnlySpan<byte> data) || !second.IsBytes(2)
            || reader.TryReadField(out _, out _, out _) || reader.IsMalformed)
        {
            return false;
        }

        // RSA and ECDSA keys come in DER and are longer than an identity hash may hold; a short one is none.
        bool hasLength = (KeyType)type switch
        {
            KeyType.Ed25519 => data.Length == 32,
            KeyType.Secp256k1 => data.Length == 33,
            _ => data.Length > Limits.IdentityHashLengthMax,
        };

        // A longer varint would give one key several peer ids. Type and field keys take a byte each.
        if (!hasLength || message.Length != 3 + Varint.LengthOf((ulong)data.Length) + data.Length)
            return false;

        key = new IdentityKey((KeyType)type, data.ToArray());
        return true;
    }

    /// <summary>The message's deterministic encoding.</summary>
    public byte[] Encode()
    {
        var writer = new ProtobufWriter();
        writer.WriteVarint(1, (ulong)Type);
        writer.WriteBytes(2, Data);
        return writer.ToOwned();
    }

    /// <summary>True if the signature is this key's.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Type switch
    {
        KeyType.Ed25519 => signature.Length == 64 && Ed25519.Verify(new PublicKey(Data), message, signature),
        KeyType.Rsa => SignatureCheck.IsRsa(Data, message, signature),
        KeyType.Ecdsa => SignatureCheck.IsEcdsa(Data, message, signature),
        KeyType.Secp256k1 => SignatureCheck.IsSecp256k1(Data, message, signature),
        _ => false,
    };
}
