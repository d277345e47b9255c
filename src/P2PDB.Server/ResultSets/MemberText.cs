using System.Numerics;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.ResultSets;

/// <summary>ENUM and SET values as clients get them: the names of the members.</summary>
internal static class MemberText
{
    /// <summary>Writes the value as lenenc text.</summary>
    public static void Write(PacketWriter writer, in ColumnForm form, long value)
    {
        MemberList? members = form.Type.Members;
        if (members is null)
            writer.WriteLengthEncoded(0);
        else if (form.Form == ValueForm.Member)
            writer.WriteLengthEncodedBytes(value >= 1 && value <= members.Count ? members[(int)value - 1] : default);
        else
            WriteSet(writer, members, (ulong)value);
    }

    private static void WriteSet(PacketWriter writer, MemberList members, ulong value)
    {
        int length = Math.Max(0, BitOperations.PopCount(value) - 1);
        for (int i = 0; i < members.Count; i++)
            length += (value & 1UL << i) != 0 ? members[i].Length : 0;

        writer.WriteLengthEncoded((ulong)length);
        bool isFirst = true;
        for (int i = 0; i < members.Count; i++)
        {
            if ((value & 1UL << i) == 0)
                continue;
            if (!isFirst)
                writer.WriteByte((byte)',');
            writer.WriteBytes(members[i]);
            isFirst = false;
        }
    }
}
