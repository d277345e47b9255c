using System.Text;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a kind byte, then a peer id's multihash, its text, or the message of an identity key. Bytes that are accepted are the
/// only encoding; text that is accepted is one of the two that the id is written as, or the base58 form of its CID.
/// </summary>
internal sealed class PeerIdTarget : IFuzzTarget
{
    public string Name => "peer-id";

    public IReadOnlyList<string> Decoder =>
        ["P2PDB.Network/Peers/PeerId.cs", "P2PDB.Network/Peers/IdentityKey.cs", "P2PDB.Primitives/Content/Base58Text.cs"];

    public int InputLengthMax => 2_100;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using SigningKey key = SigningKey.FromSeed(new byte[32]);
            PeerId peer = PeerId.FromPublicKey(key.PublicKey);
            byte[] hashed = [0x12, 32, .. new byte[32]];
            PeerId.TryDecode(hashed, out PeerId? rsa);
            foreach (PeerId each in (PeerId[])[peer, rsa!])
            {
                yield return [0, .. each.Bytes];
                yield return [1, .. Encoding.UTF8.GetBytes(each.ToString())];
                yield return [1, .. Encoding.UTF8.GetBytes(each.ToCid())];
            }

            // A CID in base58.
            yield return [1, .. "zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"u8];
            yield return [1, .. Encoding.UTF8.GetBytes("z" + SimpleBase.Base58.Bitcoin.Encode([1, 0x72, .. peer.Bytes]))];
            yield return [2, .. IdentityKey.FromEd25519(key.PublicKey).Encode()];
            yield return [2, 8, 2, 18, 33, .. new byte[33]];
            yield return [2, 8, 0, 18, 200, 1, .. new byte[200]];
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        return (input[0] % 3) switch
        {
            0 => RunBytes(input[1..], probe),
            1 => RunText(input[1..], probe),
            _ => RunKey(input[1..], probe),
        };
    }

    private static bool RunBytes(ReadOnlySpan<byte> bytes, FuzzProbe probe)
    {
        if (!PeerId.TryDecode(bytes, out PeerId? peer))
            return false;
        probe.EndDecoding();
        FuzzLaw.RequireSame(bytes, peer!.Bytes, "the bytes are the id");
        FuzzLaw.Require(PeerId.TryParse(peer.ToString(), out PeerId? parsed) && parsed == peer, "its text is read");
        FuzzLaw.Require(PeerId.TryParse(peer.ToCid(), out parsed) && parsed == peer, "its CID is read");
        FuzzLaw.Require(parsed!.CompareTo(peer) == 0 && parsed.GetHashCode() == peer.GetHashCode(), "equal ids compare equal");
        probe.Reached(peer.TryGetPublicKey(out _) ? 1 : 2);
        return true;
    }

    private static bool RunText(ReadOnlySpan<byte> utf8, FuzzProbe probe)
    {
        string text = Encoding.UTF8.GetString(utf8);
        probe.BeginDecoding();
        if (!PeerId.TryParse(text, out PeerId? peer))
            return false;
        probe.EndDecoding();
        string cidInBase58 = "z" + SimpleBase.Base58.Bitcoin.Encode([1, 0x72, .. peer!.Bytes]);
        FuzzLaw.Require(text == peer.ToString() || text == peer.ToCid() || text == cidInBase58, "one text for each base");
        probe.Reached(10 + text[0]);
        return true;
    }

    private static bool RunKey(ReadOnlySpan<byte> message, FuzzProbe probe)
    {
        if (!IdentityKey.TryDecode(message, out IdentityKey? key))
            return false;
        probe.EndDecoding();
        FuzzLaw.RequireSame(message, key!.Encode(), "written as read");
        FuzzLaw.Require(!key.Verify("text"u8, new byte[64]), "zeros are no signature");
        FuzzLaw.Require(PeerId.FromKey(key).Bytes.Length is >= 34 and <= 44, "its id has the length of one");
        probe.Reached(300 + (int)key.Type);
        return true;
    }
}
