using System.Numerics;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

/// <summary>
/// What is known of the entries of one chain, one after the other. Those that came last are in memory, in pieces that double up to a
/// size and are never moved, so that a long chain grows without copies and a short one takes little; those before may be let go of to
/// where an index of history has them. One thread at a time adds and lets go; another may read meanwhile.
/// </summary>
internal sealed class ChainEntries
{
    private const int FirstCount = 16;
    private const int PieceCountMax = 4096;
    private static readonly int DoublingPieces = 1 + BitOperations.Log2(PieceCountMax / FirstCount);

    // A piece that is let go of is freed once nobody reads it any more.
    private readonly List<NativeArray<ChainEntry>?> _pieces = [];
    private volatile IndexedRun[] _indexed = [];
    private int _indexedCount;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The entry at an index.</summary>
    public ChainEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            NativeArray<ChainEntry>? piece = _pieces[PieceOf(index, out int offset)];
            if (piece is null)
                return ReadIndexed(index);
            ChainEntry entry = piece[offset];
            GC.KeepAlive(piece);
            return entry;
        }
    }

    /// <summary>Adds an entry at the end.</summary>
    public void Add(in ChainEntry entry)
    {
        int piece = PieceOf(Count, out int offset);
        if (piece == _pieces.Count)
            _pieces.Add(new NativeArray<ChainEntry>(CountOf(piece)));
        _pieces[piece]![offset] = entry;
        Count++;
    }

    /// <summary>Says where the bytes of an entry lie now that came since the last that an index has.</summary>
    public void SetPlace(int index, in EntryPlace place) => _pieces[PieceOf(index, out int offset)]![offset].Place = place;

    /// <summary>Remembers that an entry's own signature is valid, while the entry is in memory.</summary>
    public void SetSignatureVerified(int index)
    {
        if (_pieces[PieceOf(index, out int offset)] is { } piece)
            piece[offset].IsSignatureVerified = true;
    }

    /// <summary>
    /// An index has these entries, which are here, or are the next: they are read from there, but for those of the last piece, since what comes
    /// next builds on them. Returns the index from which on entries are still to be added here; where an index lacks what comes before, all are.
    /// </summary>
    public int MoveToIndex(in IndexedRun run)
    {
        if (run.From != _indexedCount)
            return Count;
        int first = PieceOf(Math.Max(run.From - 1, 0), out _);
        int last = PieceOf(run.From + run.Count - 1, out int offset);
        _indexed = [.. _indexed, run];
        _indexedCount += run.Count;
        for (int piece = first; piece < Math.Min(last, _pieces.Count); piece++)
            _pieces[piece] = null;
        while (_pieces.Count < last)
            _pieces.Add(null);
        Count = Math.Max(Count, run.From + run.Count - 1 - offset);
        return Count;
    }

    private ChainEntry ReadIndexed(int index)
    {
        IndexedRun[] runs = _indexed;
        int low = 0;
        int high = runs.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (runs[middle].From <= index)
                low = middle;
            else
                high = middle - 1;
        }

        return runs[low].Pages.Read(runs[low], index - runs[low].From);
    }

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
