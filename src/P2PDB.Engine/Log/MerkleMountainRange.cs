using System.Buffers.Binary;
using System.Numerics;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// A Merkle mountain range is a row of perfect binary trees ("mountains"), one for each bit set in the leaf count, the
// highest first. Appending a leaf merges equal trees from the right, like a carry; only the peaks are kept. Every earlier
// state is a prefix, so an author who signs the root of all earlier ids cannot replace one without breaking the chain.
//   leaf  = BLAKE3(0x00 ‖ id)        inner = BLAKE3(0x01 ‖ left ‖ right)
//   root  = BLAKE3(0x02 ‖ u64 leaf count ‖ peaks, highest first); of no leaves: 32 zero bytes.

/// <summary>The peaks over the ids of one chain: 32 bytes for each bit of its length.</summary>
internal sealed class MerkleMountainRange
{
    private const int PeakCountMax = 64;
    private readonly List<Hash256> _peaks = [];

    /// <summary>Creates the range over nothing.</summary>
    public MerkleMountainRange()
    {
    }

    /// <summary>Creates a copy that grows by itself.</summary>
    public MerkleMountainRange(MerkleMountainRange source)
    {
        _peaks.AddRange(source._peaks);
        LeafCount = source.LeafCount;
    }

    /// <summary>Ids appended so far.</summary>
    public ulong LeafCount { get; private set; }

    /// <summary>Becomes a copy of <paramref name="source"/> and keeps its memory.</summary>
    public void CopyFrom(MerkleMountainRange source)
    {
        _peaks.Clear();
        _peaks.AddRange(source._peaks);
        LeafCount = source.LeafCount;
    }

    /// <summary>Becomes the range over as many ids, by its peaks, the highest first: one for each bit set in their number.</summary>
    public void Restore(ulong leafCount, IEnumerable<Hash256> peaks)
    {
        _peaks.Clear();
        _peaks.AddRange(peaks);
        LeafCount = leafCount;
        Invariant.Check(_peaks.Count == BitOperations.PopCount(leafCount), "a peak for each bit of the length");
    }

    /// <summary>Writes the peaks, the highest first.</summary>
    public void WritePeaks(Span<byte> target)
    {
        for (int i = 0; i < _peaks.Count; i++)
            _peaks[i].CopyTo(target[(i * Hash256.Length)..]);
    }

    /// <summary>Appends the next id.</summary>
    public void Append(in EntryId id)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Hash256.Length)];
        input[0] = 0;
        id.CopyTo(input[1..]);
        Hash256 node = Blake3.Hash(input[..(1 + Hash256.Length)]);

        input[0] = 1;
        for (int carries = BitOperations.TrailingZeroCount(~LeafCount); carries > 0; carries--)
        {
            _peaks[^1].CopyTo(input[1..]);
            node.CopyTo(input[(1 + Hash256.Length)..]);
            node = Blake3.Hash(input);
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        _peaks.Add(node);
        LeafCount++;
    }

    /// <summary>The root over all ids appended so far.</summary>
    public Hash256 Root()
    {
        if (LeafCount == 0)
            return default;
        Span<byte> input = stackalloc byte[1 + sizeof(ulong) + (PeakCountMax * Hash256.Length)];
        input[0] = 2;
        BinaryPrimitives.WriteUInt64LittleEndian(input[1..], LeafCount);
        int length = 1 + sizeof(ulong);
        foreach (Hash256 peak in _peaks)
        {
            peak.CopyTo(input[length..]);
            length += Hash256.Length;
        }

        return Blake3.Hash(input[..length]);
    }
}
