using System.Globalization;
using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>Types as SHOW and information_schema print them.</summary>
internal static class TypeNames
{
    /// <summary>The bare name: <c>varchar</c>.</summary>
    public static string DataType(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Geometry => "geometry",
        _ => type.Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The type in full: <c>varchar(20)</c>, <c>int unsigned</c>.</summary>
    public static string ColumnType(SqlType type)
    {
        string name = DataType(type);
        string length = type.Length.ToString(CultureInfo.InvariantCulture);
        string scale = type.Scale.ToString(CultureInfo.InvariantCulture);
        string text = type.Kind switch
        {
            SqlTypeKind.TinyInt when type.Length == 1 && !type.IsUnsigned => "tinyint(1)",
            SqlTypeKind.Decimal => $"decimal({type.Precision},{scale})",
            SqlTypeKind.Float or SqlTypeKind.Double when type.Scale != SqlType.ScaleNotFixed => $"{name}({length},{scale})",
            SqlTypeKind.Bit or SqlTypeKind.Char or SqlTypeKind.VarChar or SqlTypeKind.Binary or SqlTypeKind.VarBinary =>
                $"{name}({length})",
            SqlTypeKind.Time or SqlTypeKind.DateTime or SqlTypeKind.Timestamp when type.Scale > 0 => $"{name}({scale})",
            SqlTypeKind.Enum or SqlTypeKind.Set => name + Members(type),
            _ => name,
        };
        return type.IsUnsigned && (type.IsInteger || type.Kind is SqlTypeKind.Decimal or SqlTypeKind.Float or SqlTypeKind.Double)
            ? text + " unsigned" : text;
    }

    /// <summary>A text between single quotes.</summary>
    public static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A name between backquotes.</summary>
    public static string QuoteName(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static string Members(SqlType type)
    {
        var text = new StringBuilder("(");
        foreach (string member in type.Members?.ToStrings() ?? [])
        {
            if (text.Length > 1)
                text.Append(',');
            text.Append(Quote(member));
        }

        return text.Append(')').ToString();
    }
}
