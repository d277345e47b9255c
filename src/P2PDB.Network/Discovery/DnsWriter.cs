using System.Buffers.Binary;

namespace P2PDB.Network.Discovery;

/// <summary>Writes a DNS message into a buffer. What does not fit is not written, and <see cref="IsFull"/> says so.</summary>
internal ref struct DnsWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>True once something did not fit.</summary>
    public bool IsFull { get; private set; }

    public void Write(ushort value)
    {
        if (Reserve(2, out Span<byte> place))
            BinaryPrimitives.WriteUInt16BigEndian(place, value);
    }

    public void Write(uint value)
    {
        if (Reserve(4, out Span<byte> place))
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
    }

    public void Write(byte value)
    {
        if (Reserve(1, out Span<byte> place))
            place[0] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Reserve(bytes.Length, out Span<byte> place))
            bytes.CopyTo(place);
    }

    /// <summary>Replaces two bytes that were written.</summary>
    public readonly void Put(int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_target[offset..Length], value);

    /// <summary>Goes back to an earlier length, as if nothing had been written behind it.</summary>
    public void CutTo(int length)
    {
        Length = length;
        IsFull = false;
    }

    private bool Reserve(int length, out Span<byte> place)
    {
        place = default;
        IsFull |= length > _target.Length - Length;
        if (IsFull)
            return false;

        place = _target.Slice(Length, length);
        Length += length;
        return true;
    }
}
