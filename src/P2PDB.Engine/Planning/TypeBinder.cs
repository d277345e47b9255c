using System.Text;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>From a type as written to a type as it works: defaults filled in, limits checked, collation chosen.</summary>
internal static class TypeBinder
{
    /// <summary>The type of a column or CAST; <paramref name="inherited"/> is the collation of text that names none.</summary>
    public static SqlType Bind(DataTypeNode node, string column, Collation inherited)
    {
        switch (node.Kind)
        {
            case DataTypeKind.TinyInt: return Integer(SqlTypeKind.TinyInt, node, node.IsUnsigned ? 3 : 4);
            case DataTypeKind.SmallInt: return Integer(SqlTypeKind.SmallInt, node, node.IsUnsigned ? 5 : 6);
            case DataTypeKind.MediumInt: return Integer(SqlTypeKind.MediumInt, node, node.IsUnsigned ? 8 : 9);
            case DataTypeKind.Int: return Integer(SqlTypeKind.Int, node, node.IsUnsigned ? 10 : 11);
            case DataTypeKind.BigInt: return Integer(SqlTypeKind.BigInt, node, 20);
            case DataTypeKind.Decimal: return Decimal(node, column);
            case DataTypeKind.Float: return Float(node, column);
            case DataTypeKind.Double: return Floating(SqlTypeKind.Double, node, column);
            case DataTypeKind.Bit: return Bit(node, column);
            case DataTypeKind.Date: return SqlType.Date;
            case DataTypeKind.Time: return SqlType.Time(Fraction(node, column));
            case DataTypeKind.DateTime: return SqlType.DateTime(Fraction(node, column));
            case DataTypeKind.Timestamp: return SqlType.Timestamp(Fraction(node, column));
            case DataTypeKind.Year: return new SqlType(SqlTypeKind.Year, 4, isUnsigned: true);
            case DataTypeKind.Char: return Text(SqlTypeKind.Char, node, column, inherited, 255, 1);
            case DataTypeKind.VarChar: return Text(SqlTypeKind.VarChar, node, column, inherited, 65535, 1);
            case DataTypeKind.Binary: return Binary(SqlTypeKind.Binary, node, column, 255, 1);
            case DataTypeKind.VarBinary: return Binary(SqlTypeKind.VarBinary, node, column, 65535, 1);
            case DataTypeKind.TinyText: return Long(SqlTypeKind.TinyText, node, inherited, 255);
            case DataTypeKind.Text: return SizedText(node, inherited);
            case DataTypeKind.MediumText: return Long(SqlTypeKind.MediumText, node, inherited, 16777215);
            case DataTypeKind.LongText: return Long(SqlTypeKind.LongText, node, inherited, uint.MaxValue);
            case DataTypeKind.TinyBlob: return new SqlType(SqlTypeKind.TinyBlob, 255);
            case DataTypeKind.Blob: return SizedBlob(node);
            case DataTypeKind.MediumBlob: return new SqlType(SqlTypeKind.MediumBlob, 16777215);
            case DataTypeKind.LongBlob: return new SqlType(SqlTypeKind.LongBlob, uint.MaxValue);
            case DataTypeKind.Enum or DataTypeKind.Set: return Members(node, column, inherited);
            case DataTypeKind.Json: return SqlType.Json;
            default: throw SqlErrors.NotSupportedYet("spatial types").ToException();
        }
    }

    /// <summary>The collation that CHARACTER SET and COLLATE choose together.</summary>
    public static Collation CollationOf(string? charset, string? collation, Collation inherited)
    {
        if (collation is not null)
        {
            Collation found = Collation.Find(collation) ?? throw SqlErrors.UnknownCollation(collation).ToException();
            if (charset is not null && Collation.DefaultOf(charset) is { } ofCharset && ofCharset.Charset != found.Charset)
            {
                throw new SqlException(new SqlError(
                    1253, "42000", $"COLLATION '{collation}' is not valid for CHARACTER SET '{charset}'"));
            }

            return found;
        }

        if (charset is null)
            return inherited;
        return Collation.DefaultOf(charset) ?? throw SqlErrors.UnknownCharacterSet(charset).ToException();
    }

    private static SqlType Integer(SqlTypeKind kind, DataTypeNode node, int width)
    {
        long length = (long?)node.Length ?? width;
        return new SqlType(kind, length, isUnsigned: node.IsUnsigned || node.IsZeroFill);
    }

    private static SqlType Decimal(DataTypeNode node, string column)
    {
        int precision = (int)Math.Min(node.Length ?? 10, 1000);
        int scale = node.Scale ?? 0;
        if (precision == 0)
            precision = 10;
        if (scale > SqlDecimal.ScaleMax)
            throw SqlErrors.TooBigScale(scale, column, SqlDecimal.ScaleMax).ToException();
        if (precision > SqlDecimal.PrecisionMax)
            throw SqlErrors.TooBigPrecision(precision, column, SqlDecimal.PrecisionMax).ToException();
        if (scale > precision)
            throw SqlErrors.ScaleAbovePrecision(column).ToException();
        return SqlType.Decimal(precision, scale, node.IsUnsigned || node.IsZeroFill);
    }

    private static SqlType Float(DataTypeNode node, string column) =>
        node.Length is > 24 && node.Scale is null
            ? new SqlType(SqlTypeKind.Double, 22, scale: SqlType.ScaleNotFixed, isUnsigned: node.IsUnsigned)
            : Floating(SqlTypeKind.Float, node, column);

    private static SqlType Floating(SqlTypeKind kind, DataTypeNode node, string column)
    {
        bool isFixed = node.Scale is not null;
        if (node.Scale > SqlDecimal.ScaleMax)
            throw SqlErrors.TooBigScale(node.Scale.Value, column, SqlDecimal.ScaleMax).ToException();
        if (isFixed && node.Length < (ulong)node.Scale!.Value)
            throw SqlErrors.ScaleAbovePrecision(column).ToException();
        long length = isFixed ? (long)(node.Length ?? 10) : kind == SqlTypeKind.Float ? 12 : 22;
        byte scale = isFixed ? (byte)node.Scale!.Value : SqlType.ScaleNotFixed;
        return new SqlType(kind, length, isFixed ? (byte)Math.Min(length, 255) : (byte)0, scale, node.IsUnsigned || node.IsZeroFill);
    }

    private static SqlType Bit(DataTypeNode node, string column)
    {
        ulong length = node.Length ?? 1;
        if (length > 64)
            throw SqlErrors.TooBigDisplayWidth(column, 64).ToException();
        return new SqlType(SqlTypeKind.Bit, (long)Math.Max(length, 1), isUnsigned: true);
    }

    private static int Fraction(DataTypeNode node, string column)
    {
        ulong digits = node.Length ?? 0;
        return digits <= 6 ? (int)digits : throw SqlErrors.TooBigPrecision((int)digits, column, 6).ToException();
    }

    private static SqlType Text(
        SqlTypeKind kind, DataTypeNode node, string column, Collation inherited, long maximum, long implied)
    {
        Collation collation = TextCollation(node, inherited);
        long length = (long?)node.Length ?? implied;
        if (collation.IsBinary)
            return Binary(kind == SqlTypeKind.Char ? SqlTypeKind.Binary : SqlTypeKind.VarBinary, node, column, maximum, implied);
        long most = kind == SqlTypeKind.Char ? maximum : maximum / collation.BytesPerCharacterMax;
        if (length > most)
            throw SqlErrors.ColumnTooLong(column, most).ToException();
        return new SqlType(kind, length, collation: collation);
    }

    private static SqlType Binary(SqlTypeKind kind, DataTypeNode node, string column, long maximum, long implied)
    {
        long length = (long?)node.Length ?? implied;
        return length <= maximum ? new SqlType(kind, length) : throw SqlErrors.ColumnTooLong(column, maximum).ToException();
    }

    private static SqlType Long(SqlTypeKind kind, DataTypeNode node, Collation inherited, long length)
    {
        Collation collation = TextCollation(node, inherited);
        return collation.IsBinary
            ? new SqlType(kind + (SqlTypeKind.TinyBlob - SqlTypeKind.TinyText), length)
            : new SqlType(kind, length, collation: collation);
    }

    private static SqlType SizedText(DataTypeNode node, Collation inherited)
    {
        Collation collation = TextCollation(node, inherited);
        ulong bytes = (node.Length ?? 65535 / (ulong)collation.BytesPerCharacterMax) * (ulong)collation.BytesPerCharacterMax;
        return node.Length is null || bytes is > 255 and <= 65535 ? Long(SqlTypeKind.Text, node, inherited, 65535)
            : bytes <= 255 ? Long(SqlTypeKind.TinyText, node, inherited, 255)
            : bytes <= 16777215 ? Long(SqlTypeKind.MediumText, node, inherited, 16777215)
            : Long(SqlTypeKind.LongText, node, inherited, uint.MaxValue);
    }

    private static SqlType SizedBlob(DataTypeNode node) => node.Length switch
    {
        null or (> 255 and <= 65535) => new SqlType(SqlTypeKind.Blob, 65535),
        <= 255 => new SqlType(SqlTypeKind.TinyBlob, 255),
        <= 16777215 => new SqlType(SqlTypeKind.MediumBlob, 16777215),
        _ => new SqlType(SqlTypeKind.LongBlob, uint.MaxValue),
    };

    private static SqlType Members(DataTypeNode node, string column, Collation inherited)
    {
        Collation collation = TextCollation(node, inherited);
        List<string> members = [];
        long length = 0;
        foreach (byte[] member in node.Members)
        {
            string text = Encoding.UTF8.GetString(member).TrimEnd(' ');
            foreach (string earlier in members)
            {
                if (collation.Compare(Encoding.UTF8.GetBytes(earlier), Encoding.UTF8.GetBytes(text)) == 0)
                {
                    string type = node.Kind == DataTypeKind.Enum ? "ENUM" : "SET";
                    throw SqlErrors.DuplicatedValueInType(column, text, type).ToException();
                }
            }

            members.Add(text);
            length = node.Kind == DataTypeKind.Enum ? Math.Max(length, text.Length) : length + text.Length + 1;
        }

        if (node.Kind == DataTypeKind.Set)
            length = Math.Max(0, length - 1);
        SqlTypeKind kind = node.Kind == DataTypeKind.Enum ? SqlTypeKind.Enum : SqlTypeKind.Set;
        return new SqlType(kind, length, isUnsigned: false, collation: collation, members: new MemberList(members));
    }

    private static Collation TextCollation(DataTypeNode node, Collation inherited)
    {
        if (node.IsNational && node.CharacterSet is null)
            return CollationOf("utf8mb3", node.Collation, inherited);
        Collation collation = CollationOf(node.CharacterSet, node.Collation, inherited);
        if (node.HasBinaryAttribute && node.Collation is null)
            return Collation.Find(collation.Charset + "_bin") ?? collation;
        return collation;
    }
}
