// QUERY ATTRIBUTES, where client and server share the capability, little-endian. Golden bytes: tests/P2PDB.Server.Tests/Sessions
//    before the text of COM_QUERY: lenenc number · lenenc sets (1) · with any: null bitmap, (number + 7) / 8 bytes · u8 1
//       · per attribute u16 type, lenenc name · values of those that are not NULL
//    in COM_STMT_EXECUTE they follow the parameters, in one list with them
// Values are those of COM_STMT_EXECUTE. An attribute that nobody here knows means nothing, as in MySQL.
using P2PDB.Engine;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Sessions;

/// <summary>Reads the named values that a client sends along with a statement.</summary>
internal static class QueryAttributes
{
    /// <summary>As many as a statement may have parameters.</summary>
    private const int CountMax = ushort.MaxValue;

    /// <summary>Takes the attributes that stand before the text of COM_QUERY; false when they do not fit together.</summary>
    public static bool TryTake(ref PayloadReader reader)
    {
        if (!TryTakeCount(ref reader, out int count) || !reader.TryReadLengthEncoded(out ulong sets) || sets != 1)
            return false;
        if (count == 0)
            return true;

        ushort[] types = new ushort[count];
        return reader.TryTake((count + 7) / 8, out ReadOnlySpan<byte> nulls)
            && reader.TryReadByte(out byte hasTypes) && hasTypes != 0
            && TryTakeTypes(ref reader, types, hasNames: true)
            && TryTakeValues(ref reader, types, nulls, offset: 0);
    }

    /// <summary>Takes the number of values that follow; false where there are more than a statement may have.</summary>
    public static bool TryTakeCount(ref PayloadReader reader, out int count)
    {
        bool isFit = reader.TryReadLengthEncoded(out ulong number) && number <= CountMax;
        count = isFit ? (int)number : 0;
        return isFit;
    }

    /// <summary>Takes the types of values, each with a name behind it where the client sends names.</summary>
    public static bool TryTakeTypes(ref PayloadReader reader, Span<ushort> types, bool hasNames)
    {
        for (int i = 0; i < types.Length; i++)
        {
            if (!reader.TryReadUInt16(out types[i]) || (hasNames && !reader.TryReadLengthEncodedBytes(out _)))
                return false;
        }

        return true;
    }

    /// <summary>Takes the values of attributes whose bits in the null bitmap begin at an offset.</summary>
    public static bool TryTakeValues(ref PayloadReader reader, ReadOnlySpan<ushort> types, ReadOnlySpan<byte> nulls, int offset)
    {
        var values = new ParameterSet();
        values.Reset(types.Length);
        for (int i = 0; i < types.Length; i++)
        {
            int bit = offset + i;
            if ((nulls[bit >> 3] & 1 << (bit & 7)) == 0 && !ExecuteParameters.TryReadValue(ref reader, values, i, types[i]))
                return false;
        }

        return true;
    }
}
