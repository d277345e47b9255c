using System.Buffers;

namespace P2PDB.Network.Muxers;

/// <summary>Received bytes of one stream that nobody has read yet, in a ring of pooled memory. An empty ring holds no memory.</summary>
internal struct ReceiveRing
{
    private const int CapacityMin = 4_096;

    private byte[]? _ring;
    private int _start;

    /// <summary>Bytes waiting.</summary>
    public int Length { get; private set; }

    /// <summary>Appends the bytes. The stream's window bounds what is ever here.</summary>
    public void Write(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            return;

        EnsureRoom(source.Length);
        int end = _start + Length;
        if (end >= _ring!.Length)
            end -= _ring.Length;

        int first = Math.Min(source.Length, _ring.Length - end);
        source[..first].CopyTo(_ring.AsSpan(end));
        source[first..].CopyTo(_ring);
        Length += source.Length;
    }

    /// <summary>Takes up to the target's length; returns how much.</summary>
    public int Read(Span<byte> target)
    {
        int length = Math.Min(target.Length, Length);
        if (length == 0)
            return 0;

        int first = Math.Min(length, _ring!.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(target);
        _ring.AsSpan(0, length - first).CopyTo(target[first..]);
        Length -= length;
        _start += length;
        if (_start >= _ring.Length)
            _start -= _ring.Length;
        if (Length == 0)
            Clear();

        return length;
    }

    /// <summary>Drops what is here and gives the memory back.</summary>
    public void Clear()
    {
        if (_ring is not null)
            ArrayPool<byte>.Shared.Return(_ring);

        _ring = null;
        _start = 0;
        Length = 0;
    }

    private void EnsureRoom(int added)
    {
        int capacity = _ring?.Length ?? 0;
        if (capacity - Length >= added)
            return;

        byte[] grown = ArrayPool<byte>.Shared.Rent(Math.Max(CapacityMin, Math.Max(Length + added, 2 * capacity)));
        int length = Length;
        if (length > 0)
        {
            int first = Math.Min(length, _ring!.Length - _start);
            _ring.AsSpan(_start, first).CopyTo(grown);
            _ring.AsSpan(0, length - first).CopyTo(grown.AsSpan(first));
        }

        Clear();
        _ring = grown;
        Length = length;
    }
}
