using P2PDB.Engine.Execution.Operators;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>Files that rows are spread over by their keys: equal keys meet in one file. Each depth spreads by another hash.</summary>
internal sealed class SpillSpread(StatementContext context, OperatorMeasure? measure, int depth) : IDisposable
{
    /// <summary>Files at most: their buffers take 1 MiB.</summary>
    public const int FileCount = 16;

    /// <summary>How often rows are spread again. 16^8 files could not be told apart from a set of rows that no spreading makes smaller.</summary>
    public const int DepthMax = 8;

    private const int FileCountBits = 4;

    private readonly SpillFile?[] _files = new SpillFile?[FileCount];

    /// <summary>Where a key's rows belong.</summary>
    public static int IndexOf(ReadOnlySpan<byte> key, int depth) => (int)(KeyHash.Of((ulong)depth + 1, key) >> (64 - FileCountBits));

    /// <summary>The file of a key.</summary>
    public SpillFile FileOf(ReadOnlySpan<byte> key) => FileAt(IndexOf(key, depth));

    /// <summary>A file, made where it is not there yet.</summary>
    public SpillFile FileAt(int index)
    {
        if (_files[index] is { } file)
            return file;
        measure?.NoteSpilledPart();
        return _files[index] = new SpillFile(context.Scratch, measure);
    }

    /// <summary>Takes a file out, finished and the caller's to dispose of; null where it has no row.</summary>
    public SpillFile? Take(int index)
    {
        SpillFile? file = _files[index];
        _files[index] = null;
        file?.Finish();
        return file;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SpillFile? file in _files)
            file?.Dispose();
    }
}
