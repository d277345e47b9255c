using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Writes the parts of a row record that stand before its image.</summary>
internal static class RowHead
{
    /// <summary>
    /// Appends flags, layout, stamps, and the registers of as many columns as <paramref name="registerColumnCount"/> says.
    /// </summary>
    public static void Write(
        ByteWriter target, StampOrder order, bool isDead, int layoutNumber, in Stamp baseStamp, in Stamp existence,
        ReadOnlySpan<Stamp> columns, int registerColumnCount, ReadOnlySpan<byte> registers)
    {
        int start = target.Length;
        target.WriteByte(0);
        target.WriteVarint((ulong)layoutNumber);

        // The stamps' length stands before them; they are short, so it nearly always takes the one byte left for it.
        int lengthAt = target.Length;
        target.WriteByte(0);
        byte flags = RowStamps.Write(target, baseStamp, existence, columns, order);
        int length = target.Length - lengthAt - 1;
        int extra = Varint.LengthOf((ulong)length) - 1;
        if (extra > 0)
        {
            target.WriteZeros(extra);
            Span<byte> written = target.WrittenSpan;
            written.Slice(lengthAt + 1, length).CopyTo(written[(lengthAt + 1 + extra)..]);
        }

        Varint.Write(target.WrittenSpan[lengthAt..], (ulong)length);
        if (registerColumnCount > 0)
        {
            flags |= StoredRow.RegistersFlag;
            target.WriteVarint((ulong)(Varint.LengthOf((ulong)registerColumnCount) + registers.Length));
            target.WriteVarint((ulong)registerColumnCount);
            target.Write(registers);
        }

        target.WrittenSpan[start] = (byte)(flags | (isDead ? StoredRow.DeadFlag : 0));
    }
}
