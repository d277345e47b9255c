using System.Security.Cryptography;
using P2PDB.Network.Peers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>Authors seen lately by their multihash, so that a message of one of them decodes and allocates nothing.</summary>
internal sealed class AuthorCache
{
    private readonly MessageAuthor[] _slots = new MessageAuthor[Limits.GossipAuthorCacheCount];

    /// <summary>The author of that multihash; false if it is no peer id.</summary>
    public bool TryFind(ReadOnlySpan<byte> multihash, out MessageAuthor author)
    {
        var hash = default(HashCode);
        hash.AddBytes(multihash);
        ref MessageAuthor slot = ref _slots[(uint)hash.ToHashCode() % (uint)_slots.Length];
        if (slot.Peer is null || !slot.Peer.Bytes.SequenceEqual(multihash))
        {
            if (!PeerId.TryDecode(multihash, out PeerId? peer))
            {
                author = default;
                return false;
            }

            bool hasKey = peer!.TryGetPublicKey(out PublicKey key);
            slot = new MessageAuthor(peer, key, hasKey);
        }

        author = slot;
        return true;
    }

    /// <summary>True if a key message is the one that the multihash stands for.</summary>
    public static bool IsKeyOf(ReadOnlySpan<byte> multihash, ReadOnlySpan<byte> key)
    {
        if (multihash[0] == 0)
            return multihash[2..].SequenceEqual(key);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        return key.Length <= Limits.PublicKeyLengthMax && SHA256.HashData(key, hash) == hash.Length && multihash[2..].SequenceEqual(hash);
    }
}
