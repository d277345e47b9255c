// COLUMN DEFINITION 4.1, server to client. Golden bytes: tests/P2PDB.Server.Tests/ResultSets
//    lenenc texts: catalog ("def"), schema, table, original table, name, original name
//    u8 12 · u16 collation · u32 column length, bytes · u8 type · u16 flags · u8 decimals · u16 0
using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;

namespace P2PDB.Server.ResultSets;

/// <summary>Describes a column to the client, with the length, flags and decimals that MySQL derives from the type.</summary>
internal static class ColumnDefinitionPacket
{
    private const byte FixedLength = 12;
    private const int BytesPerCharacter = 4;
    private const byte NotFixedDecimals = 31;
    private const ushort UnsignedFlag = 1 << 5;

    /// <summary>What every parameter of a prepared statement is described as.</summary>
    public static readonly ResultColumn Parameter = new("?", SqlType.VarBinary(0));

    public static void Write(PacketWriter writer, ResultColumn column)
    {
        writer.Begin();
        WriteFields(writer, column);
        writer.End();
    }

    /// <summary>The definition with a default of NULL behind it, as COM_FIELD_LIST wants it.</summary>
    public static void WriteWithDefault(PacketWriter writer, ResultColumn column)
    {
        writer.Begin();
        WriteFields(writer, column);
        writer.WriteByte(TextRows.NullMark);
        writer.End();
    }

    private static void WriteFields(PacketWriter writer, ResultColumn column)
    {
        SqlType type = column.Type;
        writer.WriteLengthEncodedBytes("def"u8);
        WriteName(writer, column.Schema);
        WriteName(writer, column.Table);
        WriteName(writer, column.OriginalTable);
        WriteName(writer, column.Name);
        WriteName(writer, column.OriginalName);
        writer.WriteByte(FixedLength);
        writer.WriteUInt16(HasCharacters(type) ? ServerVersion.DefaultCollationId : ServerVersion.BinaryCollationId);
        writer.WriteUInt32(column.Length ?? LengthOf(type));
        writer.WriteByte((byte)CodeOf(type));
        writer.WriteUInt16(FlagsOf(column));
        writer.WriteByte(column.Decimals ?? DecimalsOf(column));
        writer.WriteUInt16(0);
    }

    private static void WriteName(PacketWriter writer, string name)
    {
        // Almost all names are short: their length is one byte, patched in after a single pass over the text.
        int most = Encoding.UTF8.GetMaxByteCount(name.Length);
        if (most >= 0xFB)
        {
            writer.WriteLengthEncodedText(name);
            return;
        }

        Span<byte> target = writer.GetSpan(1 + most);
        int length = Encoding.UTF8.GetBytes(name, target[1..]);
        target[0] = (byte)length;
        writer.Advance(1 + length);
    }

    private static bool HasCharacters(SqlType type) =>
        (type.IsText && !type.Collation.IsBinary) || type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;

    private static ColumnTypeCode CodeOf(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Null => ColumnTypeCode.Null,
        SqlTypeKind.TinyInt => ColumnTypeCode.Tiny,
        SqlTypeKind.SmallInt => ColumnTypeCode.Short,
        SqlTypeKind.MediumInt => ColumnTypeCode.Int24,
        SqlTypeKind.Int => ColumnTypeCode.Long,
        SqlTypeKind.BigInt => ColumnTypeCode.LongLong,
        SqlTypeKind.Float => ColumnTypeCode.Float,
        SqlTypeKind.Double => ColumnTypeCode.Double,
        SqlTypeKind.Decimal => ColumnTypeCode.NewDecimal,
        SqlTypeKind.Bit => ColumnTypeCode.Bit,
        SqlTypeKind.Year => ColumnTypeCode.Year,
        SqlTypeKind.Date => ColumnTypeCode.Date,
        SqlTypeKind.Time => ColumnTypeCode.Time,
        SqlTypeKind.DateTime => ColumnTypeCode.DateTime,
        SqlTypeKind.Timestamp => ColumnTypeCode.Timestamp,
        SqlTypeKind.Char or SqlTypeKind.Binary or SqlTypeKind.Enum or SqlTypeKind.Set => ColumnTypeCode.String,
        SqlTypeKind.VarChar or SqlTypeKind.VarBinary => ColumnTypeCode.VarString,
        SqlTypeKind.Json => ColumnTypeCode.Json,
        SqlTypeKind.Geometry => ColumnTypeCode.Geometry,
        _ => ColumnTypeCode.Blob,   // MySQL sends all TEXT and BLOB types as BLOB; their length tells them apart
    };

    private static uint LengthOf(SqlType type)
    {
        switch (type.Kind)
        {
            case SqlTypeKind.Null:
                return 0;
            case SqlTypeKind.Decimal:
                return (uint)(type.Precision + (type.Scale > 0 ? 1 : 0) + (type.IsUnsigned ? 0 : 1));
            case SqlTypeKind.Enum or SqlTypeKind.Set:
                return MemberLength(type);
            case SqlTypeKind.Json or SqlTypeKind.Geometry or SqlTypeKind.LongText or SqlTypeKind.LongBlob:
                return uint.MaxValue;
            default:
                long length = type.Length > 0 || type.IsString ? type.Length : DefaultLength(type);
                return (uint)Math.Min(HasCharacters(type) ? length * BytesPerCharacter : length, uint.MaxValue);
        }
    }

    private static int DefaultLength(SqlType type) => type.Kind switch
    {
        SqlTypeKind.TinyInt => type.IsUnsigned ? 3 : 4,
        SqlTypeKind.SmallInt => type.IsUnsigned ? 5 : 6,
        SqlTypeKind.MediumInt => type.IsUnsigned ? 8 : 9,
        SqlTypeKind.Int => type.IsUnsigned ? 10 : 11,
        SqlTypeKind.BigInt => 20,
        SqlTypeKind.Float => 12,
        SqlTypeKind.Double => 22,
        SqlTypeKind.Bit => 1,
        SqlTypeKind.Year => 4,
        SqlTypeKind.Date => 10,
        SqlTypeKind.Time => 10 + FractionLength(type),
        _ => 19 + FractionLength(type),
    };

    private static int FractionLength(SqlType type) => type.Scale > 0 ? 1 + type.Scale : 0;

    private static uint MemberLength(SqlType type)
    {
        int longest = 0, sum = 0;
        for (int i = 0; i < (type.Members?.Count ?? 0); i++)
        {
            int length = Encoding.UTF8.GetCharCount(type.Members![i]);
            longest = Math.Max(longest, length);
            sum += length + (i > 0 ? 1 : 0);
        }

        return (uint)(BytesPerCharacter * (type.Kind == SqlTypeKind.Enum ? longest : sum));
    }

    private static ushort FlagsOf(ResultColumn column)
    {
        SqlType type = column.Type;
        ushort flags = (ushort)column.Traits;
        if (type.IsUnsigned || type.Kind is SqlTypeKind.Year or SqlTypeKind.Bit)
            flags |= UnsignedFlag;
        bool isColumnNumber = type.IsNumeric && column.OriginalName.Length > 0;
        if (!HasCharacters(type) && !isColumnNumber)
            flags |= (ushort)ResultColumnTraits.Binary;

        return (ushort)(flags | (ushort)(type.Kind switch
        {
            SqlTypeKind.Enum => ResultColumnTraits.Enum,
            SqlTypeKind.Set => ResultColumnTraits.Set,
            SqlTypeKind.Year => ResultColumnTraits.ZeroFill,
            SqlTypeKind.Timestamp => ResultColumnTraits.Timestamp,
            SqlTypeKind.Json or SqlTypeKind.Geometry => ResultColumnTraits.Blob,
            _ => type.IsLong ? ResultColumnTraits.Blob : ResultColumnTraits.None,
        }));
    }

    private static byte DecimalsOf(ResultColumn column)
    {
        SqlType type = column.Type;
        if (type.IsString)
            return column.OriginalName.Length > 0 || column == Parameter ? (byte)0 : NotFixedDecimals;
        if (type.Kind is SqlTypeKind.Float or SqlTypeKind.Double)
            return type.Scale is > 0 and < NotFixedDecimals ? type.Scale : NotFixedDecimals;

        return type.IsTemporal || type.Kind == SqlTypeKind.Decimal ? type.Scale : (byte)0;
    }
}
