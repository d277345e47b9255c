using System.Buffers.Binary;

namespace P2PDB.Server.ResultSets;

/// <summary>BIT values as clients get them: their bytes, highest first.</summary>
internal static class BitText
{
    /// <summary>Writes <paramref name="width"/> bytes and returns that.</summary>
    public static int Format(Span<byte> target, ulong value, int width)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        bytes[(sizeof(ulong) - width)..].CopyTo(target);
        return width;
    }
}
