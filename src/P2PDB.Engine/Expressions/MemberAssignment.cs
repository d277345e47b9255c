using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>Stores values in ENUM and SET columns: by the member's text, or by number.</summary>
internal readonly struct MemberAssignment(ColumnAssignment column)
{
    public void Assign(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        SqlType type = column.Type;
        MemberList members = type.Members!;
        bool isText = source.Physical == PhysicalKind.Bytes || source.Type.IsTemporal
            || source.Type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;
        long value;
        bool fits;
        if (!isText)
        {
            value = Conversion.ToInt64(context, source, sourceRow, isUnsigned: false);
            fits = IsNumberOf(type, value);
        }
        else if (type.Kind == SqlTypeKind.Enum)
        {
            fits = TryReadEnum(Conversion.ToText(context, source, sourceRow), type, members, out value);
        }
        else
        {
            fits = TryReadSet(Conversion.ToText(context, source, sourceRow), type, members, out value);
        }

        if (!fits)
        {
            column.RefuseTruncated(context);
            value = type.Kind == SqlTypeKind.Enum ? 0 : value & MaskOf(members);
        }

        target.SetInt64(row, value);
    }

    private static bool IsNumberOf(SqlType type, long value) => type.Kind == SqlTypeKind.Enum
        ? value >= 1 && value <= type.Members!.Count
        : (value & ~MaskOf(type.Members!)) == 0;

    private static long MaskOf(MemberList members) => members.Count >= 64 ? -1 : (1L << members.Count) - 1;

    private static bool TryReadEnum(ReadOnlySpan<byte> text, SqlType type, MemberList members, out long value)
    {
        value = members.IndexOf(text.TrimEnd((byte)' '), type.Collation) + 1;
        if (value > 0)
            return true;
        value = NumberText.ParseInteger(text, out _, out bool isWhole, out _);
        return isWhole && IsNumberOf(type, value);
    }

    private static bool TryReadSet(ReadOnlySpan<byte> text, SqlType type, MemberList members, out long value)
    {
        value = 0;
        if (text.IsEmpty)
            return true;
        bool allFound = true;
        foreach (Range part in text.Split((byte)','))
        {
            int member = members.IndexOf(text[part].TrimEnd((byte)' '), type.Collation);
            if (member >= 0)
                value |= 1L << member;
            else
                allFound = false;
        }

        if (allFound)
            return true;
        long number = NumberText.ParseInteger(text, out _, out bool isWhole, out _);
        if (!isWhole || !IsNumberOf(type, number))
            return false;
        value = number;
        return true;
    }
}
