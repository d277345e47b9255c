using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: a kind byte before each value. What is read and written again is the same bytes.</summary>
internal sealed class ByteReaderTarget : IFuzzTarget
{
    private static readonly ByteWriter Writer = new();

    public string Name => "byte-reader";

    public IReadOnlyList<string> Decoder => ["P2PDB.Primitives/Buffers/ByteReader.cs", "P2PDB.Primitives/Buffers/Varint.cs"];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 7],
        [1, 7, 8, 2, 1, 2, 3, 4, 3, 1, 2, 3, 4, 5, 6, 7, 8],
        [4, 0x80, 1, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 4, 0],
        [5, 3, 9, 9, 9, 5, 0, 0, 1],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        var reader = new ByteReader(input);
        Writer.Clear();
        while (reader.TryReadByte(out byte kind))
        {
            int start = reader.Position;
            Writer.WriteByte(kind);
            if (!TryCopy(ref reader, kind % 6))
            {
                probe.Reached(kind % 6);
                FuzzLaw.Require(reader.Position >= start && reader.Position <= input.Length, "position stays inside");
                return false;
            }

            FuzzLaw.RequireSame(input[..reader.Position], Writer.Written, "written as read");
        }

        FuzzLaw.Require(reader.IsAtEnd && reader.Remaining == 0, "all was read");
        return true;
    }

    private static bool TryCopy(ref ByteReader reader, int kind)
    {
        switch (kind)
        {
            case 0:
                if (!reader.TryReadByte(out byte u8))
                    return false;
                Writer.WriteByte(u8);
                return true;
            case 1:
                if (!reader.TryReadUInt16(out ushort u16))
                    return false;
                Writer.WriteUInt16(u16);
                return true;
            case 2:
                if (!reader.TryReadUInt32(out uint u32))
                    return false;
                Writer.WriteUInt32(u32);
                return true;
            case 3:
                if (!reader.TryReadUInt64(out ulong u64))
                    return false;
                Writer.WriteUInt64(u64);
                return true;
            case 4:
                if (!reader.TryReadVarint(out ulong varint))
                    return false;
                Writer.WriteVarint(varint);
                return true;
            default:
                if (!reader.TryReadVarint(int.MaxValue, out int length)
                    || !reader.TryReadBytes(length, out ReadOnlySpan<byte> bytes))
                {
                    return false;
                }

                Writer.WriteVarint((ulong)length);
                Writer.Write(bytes);
                return true;
        }
    }
}
