using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog.Conversions;

/// <summary>Says where the values of one type are, as they lie in a row, values of another.</summary>
internal static class TypeRange
{
    /// <summary>
    /// True where every value of <paramref name="former"/> is a value of <paramref name="present"/>, so that nothing has to be
    /// converted. Only asked of types whose stored forms <see cref="LayoutFactory.IsReadableAs"/> finds readable.
    /// </summary>
    public static bool Holds(SqlType present, SqlType former) => present.Kind switch
    {
        SqlTypeKind.Decimal => present.Precision >= former.Precision && HoldsSign(present, former),
        SqlTypeKind.Float or SqlTypeKind.Double => HoldsSign(present, former)
            && (present.Scale == SqlType.ScaleNotFixed
                || (present.Scale == former.Scale && present.Precision >= former.Precision)),
        SqlTypeKind.Bit => present.Length >= former.Length,
        SqlTypeKind.Time or SqlTypeKind.DateTime or SqlTypeKind.Timestamp =>
            former.Kind == present.Kind && present.Scale >= former.Scale,

        // Members go by their number: ALTER sees to it that a number keeps its text.
        SqlTypeKind.Enum or SqlTypeKind.Set => former.Kind == present.Kind,
        _ when present.IsString => HoldsString(present, former),
        _ => true,
    };

    /// <summary>True where the members of an ENUM or SET are the first of another's, so that all numbers keep their texts.</summary>
    public static bool Continues(MemberList present, MemberList former)
    {
        for (int i = 0; i < former.Count; i++)
        {
            if (i >= present.Count || !present[i].SequenceEqual(former[i]))
                return false;
        }

        return true;
    }

    private static bool HoldsSign(SqlType present, SqlType former) => !present.IsUnsigned || former.IsUnsigned;

    private static bool HoldsString(SqlType present, SqlType former) => present.Kind switch
    {
        SqlTypeKind.Binary => former.Kind == SqlTypeKind.Binary && former.Length == present.Length,
        SqlTypeKind.Char => former.Kind == SqlTypeKind.Char && former.Length <= present.Length,
        SqlTypeKind.VarChar => former.IsText && CharactersOf(former) <= present.Length,
        _ when present.IsText => former.IsText && BytesOf(former) <= BytesOf(present),
        _ => BytesOf(former) <= BytesOf(present),
    };

    private static long CharactersOf(SqlType type) => type.IsLong ? BytesOf(type) : type.Length;

    private static long BytesOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.TinyText or SqlTypeKind.TinyBlob => 255,
        SqlTypeKind.Text or SqlTypeKind.Blob => 65_535,
        SqlTypeKind.MediumText or SqlTypeKind.MediumBlob => 16_777_215,
        SqlTypeKind.Char or SqlTypeKind.VarChar => type.Length * 4,
        SqlTypeKind.Binary or SqlTypeKind.VarBinary => type.Length,
        _ => uint.MaxValue,
    };
}
