using System.Globalization;
using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>Types as SHOW COLUMNS, SHOW CREATE TABLE and COLUMN_TYPE write them.</summary>
internal static class ColumnTypeText
{
    /// <summary>The type without character set and collation, for example <c>int unsigned</c> or <c>varchar(20)</c>.</summary>
    public static string Of(SqlType type)
    {
        string unsigned = type.IsUnsigned ? " unsigned" : "";
        return type.Kind switch
        {
            SqlTypeKind.TinyInt => (type is { Length: 1, IsUnsigned: false } ? "tinyint(1)" : "tinyint") + unsigned,
            SqlTypeKind.SmallInt => "smallint" + unsigned,
            SqlTypeKind.MediumInt => "mediumint" + unsigned,
            SqlTypeKind.Int => "int" + unsigned,
            SqlTypeKind.BigInt => "bigint" + unsigned,
            SqlTypeKind.Float => "float" + Digits(type) + unsigned,
            SqlTypeKind.Double => "double" + Digits(type) + unsigned,
            SqlTypeKind.Decimal => string.Create(
                CultureInfo.InvariantCulture, $"decimal({type.Precision},{type.Scale}){unsigned}"),
            SqlTypeKind.Bit => WithLength("bit", type.Length),
            SqlTypeKind.Year => "year",
            SqlTypeKind.Date => "date",
            SqlTypeKind.Time => WithScale("time", type),
            SqlTypeKind.DateTime => WithScale("datetime", type),
            SqlTypeKind.Timestamp => WithScale("timestamp", type),
            SqlTypeKind.Char => WithLength("char", type.Length),
            SqlTypeKind.VarChar => WithLength("varchar", type.Length),
            SqlTypeKind.Binary => WithLength("binary", type.Length),
            SqlTypeKind.VarBinary => WithLength("varbinary", type.Length),
            SqlTypeKind.Enum => WithMembers("enum", type),
            SqlTypeKind.Set => WithMembers("set", type),
            SqlTypeKind.Null => "null",
            _ => NameOf(type.Kind),
        };
    }

    /// <summary>The type's bare name, DATA_TYPE of information_schema.</summary>
    public static string NameOf(SqlTypeKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Appends text between single quotes, as MySQL escapes it in SHOW statements.</summary>
    public static void AppendQuoted(StringBuilder target, string text)
    {
        target.Append('\'');
        foreach (char character in text)
        {
            _ = character switch
            {
                '\'' => target.Append("''"),
                '\\' => target.Append("\\\\"),
                '\n' => target.Append("\\n"),
                '\r' => target.Append("\\r"),
                '\0' => target.Append("\\0"),
                _ => target.Append(character),
            };
        }

        target.Append('\'');
    }

    private static string Digits(SqlType type) => type.Scale == SqlType.ScaleNotFixed || type.Precision == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"({type.Precision},{type.Scale})");

    private static string WithLength(string name, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}({length})");

    private static string WithScale(string name, SqlType type) => type.Scale == 0 ? name : WithLength(name, type.Scale);

    private static string WithMembers(string name, SqlType type)
    {
        StringBuilder text = new(name);
        text.Append('(');
        string[] members = type.Members?.ToStrings() ?? [];
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            AppendQuoted(text, members[i]);
        }

        return text.Append(')').ToString();
    }
}
