using System.Numerics;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

/// <summary>
/// What is kept of the entries of one chain, one after the other. Pieces of memory double up to a size and are never moved, so
/// that a long chain grows without copies and a short one takes little.
/// </summary>
internal sealed class ChainEntries
{
    private const int FirstCount = 16;
    private const int PieceCountMax = 4096;
    private static readonly int DoublingPieces = 1 + BitOperations.Log2(PieceCountMax / FirstCount);

    private readonly List<NativeArray<ChainEntry>> _pieces = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The entry at an index; it stays where it is.</summary>
    public ref ChainEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return ref Place(index);
        }
    }

    /// <summary>Adds an entry at the end.</summary>
    public void Add(in ChainEntry entry)
    {
        if (PieceOf(Count, out _) == _pieces.Count)
            _pieces.Add(new NativeArray<ChainEntry>(CountOf(_pieces.Count)));
        Place(Count++) = entry;
    }

    private ref ChainEntry Place(int index) => ref _pieces[PieceOf(index, out int offset)][offset];

    // Pieces of 16, 16, 32, 64 … 2048 entries, and from entry 4096 on each of 4096.
    private static int PieceOf(int index, out int offset)
    {
        if (index >= PieceCountMax)
        {
            offset = index % PieceCountMax;
            return DoublingPieces - 1 + (index / PieceCountMax);
        }

        int piece = index < FirstCount ? 0 : BitOperations.Log2((uint)index / FirstCount) + 1;
        offset = piece == 0 ? index : index - CountOf(piece);
        return piece;
    }

    private static int CountOf(int piece) =>
        piece == 0 ? FirstCount : piece < DoublingPieces ? FirstCount << (piece - 1) : PieceCountMax;
}
