using System.Linq;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// The columns that CREATE TABLE … SELECT takes from its query. A column of a table stays what it is there, but for AUTO_INCREMENT and
/// keys; an expression gets a column of its type, with a zero or an empty text as the default where it is never NULL.
/// </summary>
internal static class SelectedColumns
{
    /// <summary>Integers of fewer digits are INT, others BIGINT.</summary>
    private const int BigIntLengthMin = 10;

    /// <summary>Characters of the longest VARCHAR, bytes of the longest VARBINARY.</summary>
    private const int VarCharLengthMax = 16_383;
    private const int VarBinaryLengthMax = 65_532;

    /// <summary>Names and shapes of the columns of a query.</summary>
    public static (string Name, ColumnShape Shape)[] Of(StatementContext context, PlannedQuery query) =>
        Array.ConvertAll(query.Columns, column => (column.Name, ShapeOf(context, column)));

    private static ColumnShape ShapeOf(StatementContext context, RelationColumn column)
    {
        ColumnSchema? origin = column.OriginalTable.Length > 0 && context.Node.Transactions.Databases.ContainsKey(column.OriginalSchema)
            ? context.DatabaseOf(column.OriginalSchema, out _).FindTable(column.OriginalTable)?.Columns.FirstOrDefault(one => one.Name == column.OriginalName)
            : null;
        if (origin is not null)
        {
            return new ColumnShape
            {
                Type = origin.Type,
                IsNullable = column.IsNullable,
                Default = origin.IsAutoIncrement && !column.IsNullable ? DefaultValue.Literal("0")
                    : column.IsNullable && origin.Default.Kind == DefaultKind.None ? DefaultValue.Null : origin.Default,
                IsUpdatedToNow = origin.IsUpdatedToNow,
                Comment = origin.Comment,
            };
        }

        SqlType type = TypeOf(column.Type);
        return new ColumnShape { Type = type, IsNullable = column.IsNullable, Default = DefaultOf(type, column.IsNullable) };
    }

    private static SqlType TypeOf(SqlType type) => type switch
    {
        { Kind: SqlTypeKind.Null } => new SqlType(SqlTypeKind.Binary, 0),
        { Kind: SqlTypeKind.BigInt, Length: < BigIntLengthMin } => new SqlType(SqlTypeKind.Int, type.IsUnsigned ? 10 : 11, isUnsigned: type.IsUnsigned),
        { Kind: SqlTypeKind.VarChar or SqlTypeKind.Char, Length: > VarCharLengthMax } => SqlType.LongText(type.Collation),
        { Kind: SqlTypeKind.VarBinary or SqlTypeKind.Binary, Length: > VarBinaryLengthMax } => SqlType.LongBlob,
        _ => type,
    };

    private static DefaultValue DefaultOf(SqlType type, bool isNullable) => type switch
    {
        _ when isNullable => DefaultValue.Null,
        { Kind: SqlTypeKind.Decimal } => DefaultValue.Literal(type.Scale == 0 ? "0" : "0." + new string('0', type.Scale)),
        { IsNumeric: true } => DefaultValue.Literal("0"),
        { IsString: true, IsLong: false } => DefaultValue.Literal(""),
        _ => DefaultValue.None,
    };
}
