namespace P2PDB.Engine.Storage;

/// <summary>
/// A reusable place that a store copies one record into. It grows to the largest record seen and keeps that memory, so a
/// warm reader allocates nothing. Not for use by two threads at once.
/// </summary>
internal sealed class RecordBuffer
{
    private byte[] _bytes = [];

    /// <summary>Length of the record held, in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The record: valid until the buffer is given to another read.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>The record: valid until the buffer is given to another read.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Replaces what is held by a copy of <paramref name="record"/>.</summary>
    public void Set(ReadOnlySpan<byte> record) => record.CopyTo(Prepare(record.Length));

    /// <summary>Sets the length and returns the bytes to be filled; their old content is not kept.</summary>
    public Span<byte> Prepare(int length)
    {
        if (_bytes.Length < length)
            _bytes = new byte[Math.Max(length, Math.Max(64, _bytes.Length * 2))];
        Length = length;
        return _bytes.AsSpan(0, length);
    }

    /// <summary>Forgets the record and keeps the memory.</summary>
    public void Clear() => Length = 0;
}
