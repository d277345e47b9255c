using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Apply;

/// <summary>Chains whose author keys and entry ids are made of their numbers, in descending order of the numbers.</summary>
internal sealed class NumberedChains : ChainDirectory
{
    public override AuthorKey AuthorOf(int chain)
    {
        byte[] key = new byte[PublicKey.Length];
        key[0] = (byte)(200 - chain);
        return new AuthorKey(new PublicKey(key));
    }

    public override EntryId EntryAt(int chain, HlcTimestamp hlc)
    {
        byte[] id = new byte[Hash256.Length];
        id[0] = (byte)(200 - chain);
        id[1] = (byte)hlc.Value;
        return new EntryId(new Hash256(id));
    }
}
