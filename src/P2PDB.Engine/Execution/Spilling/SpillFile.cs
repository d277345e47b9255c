// A SPILLED ROW, little-endian; it does not outlive its statement.
//    0  u32      length of what follows
//    4  varint   length of the key, then the key; then the values, as SpilledValues has them
using System.Buffers.Binary;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// Rows with keys that an operator puts on the disk, gathered in one buffer and written some tens of KiB at a time. The scratch
/// file is opened by the first write. <see cref="SpillReader"/> reads them, in the order in which they were added.
/// </summary>
internal sealed class SpillFile(StatementScratch scratch, OperatorMeasure? measure) : IDisposable
{
    /// <summary>Bytes of the buffer that a file is written or read through.</summary>
    public const int BufferLength = 64 * 1024;

    /// <summary>Bytes from which on they are written: a further row still fits in the buffer, unless it is long.</summary>
    private const int FlushLength = BufferLength * 3 / 4;

    private ByteWriter? _buffer;
    private ScratchFile? _file;

    /// <summary>Rows added.</summary>
    public long RowCount { get; private set; }

    /// <summary>Bytes of all rows added, and where the next row will begin.</summary>
    public long Length => (_file?.Length ?? 0) + (_buffer?.Length ?? 0);

    /// <summary>All rows.</summary>
    public SpillStretch All => new(0, Length);

    /// <summary>Adds a row: its key, and the given columns of the batch.</summary>
    public void Add(ReadOnlySpan<byte> key, RowBatch source, int row, ReadOnlySpan<int> columns)
    {
        ByteWriter buffer = Room();
        int start = buffer.Length;
        buffer.WriteZeros(sizeof(uint));
        buffer.WriteVarint((ulong)key.Length);
        buffer.Write(key);
        SpilledValues.Append(buffer, source, row, columns);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.WrittenSpan[start..], (uint)(buffer.Length - start - sizeof(uint)));
        RowCount++;
    }

    /// <summary>Adds the row that a reader is at.</summary>
    public void Add(SpillReader source)
    {
        ByteWriter buffer = Room();
        buffer.WriteUInt32((uint)source.Row.Length);
        buffer.Write(source.Row);
        RowCount++;
    }

    /// <summary>Writes what is in the buffer, and lets the buffer go: until more is added, the file is only read.</summary>
    public void Finish()
    {
        Flush();
        _buffer?.Dispose();
        _buffer = null;
    }

    /// <summary>Fills <paramref name="target"/> from a position of what was written.</summary>
    public void Read(long position, Span<byte> target) => _file!.Read(position, target);

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
        if (_file is not null)
            scratch.Close(_file);
        _file = null;
    }

    private ByteWriter Room()
    {
        _buffer ??= new ByteWriter(BufferLength);
        if (_buffer.Length >= FlushLength)
            Flush();
        return _buffer;
    }

    private void Flush()
    {
        if (_buffer is not { Length: > 0 } buffer)
            return;
        _file ??= scratch.Open();
        _file.Append(buffer.Written);
        measure?.NoteSpilled(buffer.Length);
        buffer.Clear();
    }
}
