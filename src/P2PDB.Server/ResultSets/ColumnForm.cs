using P2PDB.Engine;
using P2PDB.Engine.Types;

namespace P2PDB.Server.ResultSets;

/// <summary>What the row writers must know of a column.</summary>
/// <param name="Form">How values are written.</param>
/// <param name="Width">Bytes of a binary integer or of a BIT; digits to pad a ZEROFILL number to.</param>
/// <param name="Type">The column's type.</param>
internal readonly record struct ColumnForm(ValueForm Form, byte Width, SqlType Type)
{
    private const int BitsPerByte = 8;

    /// <summary>Digits that a ZEROFILL number is padded to in text, or 0.</summary>
    public byte ZeroFillWidth { get; private init; }

    /// <summary>Chooses the form of a column.</summary>
    public static ColumnForm Of(ResultColumn column)
    {
        SqlType type = column.Type;
        bool isPadded = (column.Traits & ResultColumnTraits.ZeroFill) != 0 && type.IsInteger;
        return new ColumnForm(FormOf(type), WidthOf(type), type)
        {
            ZeroFillWidth = isPadded ? (byte)Math.Min(type.Length, 20) : (byte)0,
        };
    }

    private static ValueForm FormOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Null => ValueForm.Null,
        >= SqlTypeKind.TinyInt and <= SqlTypeKind.BigInt => type.IsUnsigned ? ValueForm.Unsigned : ValueForm.Signed,
        SqlTypeKind.Float => ValueForm.Single,
        SqlTypeKind.Double => ValueForm.Double,
        SqlTypeKind.Decimal => ValueForm.Decimal,
        SqlTypeKind.Bit => ValueForm.Bit,
        SqlTypeKind.Year => ValueForm.Year,
        SqlTypeKind.Date => ValueForm.Date,
        SqlTypeKind.Time => ValueForm.Time,
        SqlTypeKind.DateTime => ValueForm.DateTime,
        SqlTypeKind.Timestamp => ValueForm.Timestamp,
        SqlTypeKind.Enum => ValueForm.Member,
        SqlTypeKind.Set => ValueForm.MemberSet,
        _ => ValueForm.Bytes,
    };

    private static byte WidthOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.TinyInt => 1,
        SqlTypeKind.SmallInt or SqlTypeKind.Year => 2,
        SqlTypeKind.MediumInt or SqlTypeKind.Int => 4,
        SqlTypeKind.Bit => (byte)((Math.Clamp(type.Length, 1, 64) + BitsPerByte - 1) / BitsPerByte),
        _ => sizeof(ulong),
    };
}
