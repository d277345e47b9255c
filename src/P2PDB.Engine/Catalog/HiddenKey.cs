using System.Buffers.Binary;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// The key of a row in a table without a primary key: u64 hlc, the author key's first 8 bytes, u32 op, all big-endian. The
/// writer makes it, the operation carries it; it needs to be unique, not equal to the stamp of the entry it ends up in.
/// </summary>
internal static class HiddenKey
{
    /// <summary>Length of such a key, bytes.</summary>
    public const int Length = 20;

    /// <summary>Writes a key to the start of <paramref name="target"/>.</summary>
    public static void Write(Span<byte> target, HlcTimestamp hlc, in PublicKey author, uint op)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, hlc.Value);
        author.AsSpan()[..8].CopyTo(target[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(target[16..], op);
    }
}
