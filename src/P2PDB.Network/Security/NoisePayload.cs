// NOISE HANDSHAKE PAYLOAD (libp2p noise specification), protobuf:
//   1 bytes identity_key   public key message
//   2 bytes identity_sig   signature over "noise-libp2p-static-key:" and the static Noise key
//   4 bytes extensions     { 2 repeated text stream_muxers }
using System.Text;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Security;

/// <summary>What each side says about itself inside the handshake: its identity, the proof of it, and the muxers it speaks.</summary>
internal sealed class NoisePayload
{
    private const int SignatureLength = 64;

    private NoisePayload(IdentityKey identity, byte[] signature, List<string> muxers)
    {
        Identity = identity;
        Signature = signature;
        Muxers = muxers;
    }

    /// <summary>The sender's identity key.</summary>
    public IdentityKey Identity { get; }

    /// <summary>The signature that binds the static Noise key to the identity.</summary>
    public byte[] Signature { get; }

    /// <summary>The sender's muxers, best first; empty where it leaves the choice to multistream.</summary>
    public IReadOnlyList<string> Muxers { get; }

    /// <summary>Our payload for a handshake with that static key.</summary>
    public static NoisePayload Create(SigningKey identity, ReadOnlySpan<byte> staticKey, IReadOnlyList<string> muxers)
    {
        byte[] signature = new byte[SignatureLength];
        identity.Sign(SignedText(staticKey), signature);
        return new NoisePayload(IdentityKey.FromEd25519(identity.PublicKey), signature, [.. muxers]);
    }

    /// <summary>Decodes a payload; unknown fields are skipped, as protobuf asks. Does not verify the signature.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out NoisePayload? payload)
    {
        payload = null;
        if (message.Length > Limits.NoisePayloadLengthMax)
            return false;

        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> signature = default;
        var muxers = new List<string>();
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(1))
                key = bytes;
            else if (field.IsBytes(2))
                signature = bytes;
            else if (field.IsBytes(4) && !TryDecodeExtensions(bytes, muxers))
                return false;
        }

        if (reader.IsMalformed || !IdentityKey.TryDecode(key, out IdentityKey? identity))
            return false;

        payload = new NoisePayload(identity!, signature.ToArray(), muxers);
        return true;
    }

    /// <summary>The encoded payload.</summary>
    public byte[] Encode()
    {
        var writer = new ProtobufWriter();
        writer.WriteBytes(1, Identity.Encode());
        writer.WriteBytes(2, Signature);
        if (Muxers.Count > 0)
        {
            var extensions = new ProtobufWriter();
            foreach (string muxer in Muxers)
                extensions.WriteText(2, muxer);
            writer.WriteBytes(4, extensions.Written);
        }

        return writer.ToOwned();
    }

    /// <summary>True if the identity signed that static key.</summary>
    public bool Proves(ReadOnlySpan<byte> staticKey) => Identity.Verify(SignedText(staticKey), Signature);

    private static byte[] SignedText(ReadOnlySpan<byte> staticKey) => [.. "noise-libp2p-static-key:"u8, .. staticKey];

    private static bool TryDecodeExtensions(ReadOnlySpan<byte> message, List<string> muxers)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadField(out ProtobufField field, out _, out ReadOnlySpan<byte> bytes))
        {
            if (field.IsBytes(2) && muxers.Count < Limits.EarlyMuxerCountMax)
                muxers.Add(Encoding.UTF8.GetString(bytes));
        }

        return !reader.IsMalformed;
    }
}
