// PEER ID (libp2p peer-id specification): a multihash of the public key message.
//   identity: 00, length, message (messages up to 42 bytes: Ed25519, secp256k1)
//   SHA-256:  12 20, 32 bytes of hash (RSA, ECDSA)
// Text: base58btc of the multihash (canonical here), or a CIDv1 of codec libp2p-key (0x72) in base32 or base58btc.
using System.Security.Cryptography;
using P2PDB.Primitives.Content;
using P2PDB.Primitives.Keys;
using SimpleBase;

namespace P2PDB.Network.Peers;

/// <summary>Identity of a libp2p peer: the multihash of its public key. Equal ids mean the same key.</summary>
public sealed class PeerId : IEquatable<PeerId>, IComparable<PeerId>
{
    private const byte Sha256Code = 0x12;
    private const byte CidVersion = 0x01;
    private const byte LibP2PKeyCodec = 0x72;

    private readonly byte[] _multihash;
    private readonly int _hashCode;
    private string? _text;

    private PeerId(byte[] multihash)
    {
        _multihash = multihash;
        var hash = default(HashCode);
        hash.AddBytes(multihash);
        _hashCode = hash.ToHashCode();
    }

    /// <summary>The multihash, 34 to 44 bytes; lives as long as this id.</summary>
    public ReadOnlySpan<byte> Bytes => _multihash;

    /// <summary>The id of a peer whose identity is that Ed25519 key.</summary>
    public static PeerId FromPublicKey(in PublicKey key) => FromKey(IdentityKey.FromEd25519(key));

    /// <summary>Decodes a multihash; false unless it is one that a peer id may be.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> multihash, out PeerId? peer)
    {
        peer = null;
        if (multihash.Length < 2 || multihash[1] != multihash.Length - 2)
            return false;

        bool valid = multihash[0] switch
        {
            0 => multihash.Length - 2 <= Limits.IdentityHashLengthMax && IdentityKey.TryDecode(multihash[2..], out _),
            Sha256Code => multihash.Length == 34,
            _ => false,
        };
        peer = valid ? new PeerId(multihash.ToArray()) : null;
        return valid;
    }

    /// <summary>Parses base58 (<c>12D3KooW…</c>, <c>Qm…</c>) or CIDv1 text (<c>bafz…</c>, <c>z…</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PeerId? peer)
    {
        peer = null;
        if (text.Length is < 2 or > Limits.PeerIdTextLengthMax)
            return false;

        Span<byte> decoded = stackalloc byte[Limits.PeerIdTextLengthMax];
        if (text[0] == '1' || text.StartsWith("Qm", StringComparison.Ordinal))
            return Base58Text.TryDecode(text, decoded, out int length) && TryDecode(decoded[..length], out peer);

        int cidLength;
        bool known = text[0] switch
        {
            'b' => TryDecodeBase32(text[1..], decoded, out cidLength),
            'z' => Base58Text.TryDecode(text[1..], decoded, out cidLength),
            _ => NotDecoded(out cidLength),
        };
        return known && cidLength > 2 && decoded[0] == CidVersion && decoded[1] == LibP2PKeyCodec
            && TryDecode(decoded[2..cidLength], out peer);
    }

    /// <summary>The Ed25519 key inside the id; false where the id holds another kind or only a hash.</summary>
    public bool TryGetPublicKey(out PublicKey key)
    {
        key = default;
        if (_multihash[0] != 0 || !IdentityKey.TryDecode(_multihash.AsSpan(2), out IdentityKey? identity)
            || identity!.Type != KeyType.Ed25519)
        {
            return false;
        }

        key = new PublicKey(identity.Data);
        return true;
    }

    /// <summary>The CIDv1 text in base32, as newer specifications write it.</summary>
    public string ToCid()
    {
        byte[] cid = [CidVersion, LibP2PKeyCodec, .. _multihash];
        return "b" + Base32.FileCoin.Encode(cid, padding: false);
    }

    /// <summary>The base58 text, the form in use everywhere.</summary>
    public override string ToString() => _text ??= Base58.Bitcoin.Encode(_multihash);

    /// <inheritdoc/>
    public bool Equals(PeerId? other) => other is not null && _multihash.AsSpan().SequenceEqual(other._multihash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PeerId);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>Orders by the bytes of the multihash.</summary>
    public int CompareTo(PeerId? other) => other is null ? 1 : _multihash.AsSpan().SequenceCompareTo(other._multihash);

    /// <summary>Equality of the bytes.</summary>
    public static bool operator ==(PeerId? left, PeerId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Inequality of the bytes.</summary>
    public static bool operator !=(PeerId? left, PeerId? right) => !(left == right);

    /// <summary>Bytewise order.</summary>
    public static bool operator <(PeerId left, PeerId right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >(PeerId left, PeerId right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator <=(PeerId left, PeerId right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise order.</summary>
    public static bool operator >=(PeerId left, PeerId right) => left.CompareTo(right) >= 0;

    internal static PeerId FromKey(IdentityKey key)
    {
        byte[] message = key.Encode();
        if (message.Length <= Limits.IdentityHashLengthMax)
            return new PeerId([0, (byte)message.Length, .. message]);

        return new PeerId([Sha256Code, 32, .. SHA256.HashData(message)]);
    }

    // Strict lower-case RFC 4648 without padding and with zero bits at the end, so that one id has one text per base.
    private static bool TryDecodeBase32(ReadOnlySpan<char> text, Span<byte> target, out int length)
    {
        length = 0;
        uint bits = 0;
        int bitCount = 0;
        foreach (char c in text)
        {
            int digit = c switch { >= 'a' and <= 'z' => c - 'a', >= '2' and <= '7' => c - '2' + 26, _ => -1 };
            if (digit < 0)
                return false;

            bits = (bits << 5) | (uint)digit;
            bitCount += 5;
            if (bitCount >= 8)
            {
                bitCount -= 8;
                target[length++] = (byte)(bits >> bitCount);
                bits &= (1u << bitCount) - 1;
            }
        }

        return bits == 0 && bitCount < 5;
    }

    private static bool NotDecoded(out int length)
    {
        length = 0;
        return false;
    }
}
