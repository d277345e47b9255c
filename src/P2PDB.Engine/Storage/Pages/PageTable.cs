using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>A cell for each page number, with the frame of the page's newest version. Safe for all threads; cells never move.</summary>
internal sealed class PageTable
{
    /// <summary>What a cell holds while no frame has the page.</summary>
    public const int NoFrame = -1;

    private const int ChunkShift = 14;
    private const int ChunkLength = 1 << ChunkShift;

    private readonly Lock _growing = new();
    private int[]?[] _chunks = new int[]?[64];

    /// <summary>The cell of a page, made where there is none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int CellOf(long page)
    {
        int[]?[] chunks = Volatile.Read(ref _chunks);
        int chunk = (int)(page >> ChunkShift);
        if ((uint)chunk < (uint)chunks.Length && chunks[chunk] is { } cells)
            return ref cells[page & (ChunkLength - 1)];
        return ref Grow(page);
    }

    private ref int Grow(long page)
    {
        int chunk = checked((int)(page >> ChunkShift));
        lock (_growing)
        {
            if (chunk >= _chunks.Length)
            {
                int[]?[] larger = new int[]?[Math.Max(chunk + 1, _chunks.Length * 2)];
                _chunks.CopyTo(larger.AsSpan());
                Volatile.Write(ref _chunks, larger);
            }

            if (_chunks[chunk] is null)
            {
                int[] cells = new int[ChunkLength];
                cells.AsSpan().Fill(NoFrame);
                Volatile.Write(ref _chunks[chunk], cells);
            }

            return ref _chunks[chunk]![page & (ChunkLength - 1)];
        }
    }
}
