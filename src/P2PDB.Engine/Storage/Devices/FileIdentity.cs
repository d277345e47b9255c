using System.Buffers.Binary;

namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// Tells a file from a copy of it: the device, the number it has there, and its birth. Equal identities mean the same file as
/// far as the system can say.
/// </summary>
internal readonly record struct FileIdentity(ulong Device, ulong Number, ulong Birth)
{
    /// <summary>Bytes of an identity in a file.</summary>
    public const int Length = 24;

    /// <summary>Reads what <see cref="CopyTo"/> wrote.</summary>
    public static FileIdentity Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source),
        BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[16..]));

    /// <summary>Writes device, number and birth, eight bytes each, little-endian.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Device);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Birth);
    }
}
