using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>From a column as written to a column as logged: type, nullability, default, and what older rows show.</summary>
internal static class ColumnBuilder
{
    /// <summary>The shape of a column; <paramref name="isKey"/> makes it NOT NULL.</summary>
    public static ColumnShape Shape(
        StatementContext context, ColumnDefinition column, Collation inherited, bool isKey)
    {
        if (column.Generated is not null)
            throw SqlErrors.NotSupportedYet("generated columns").ToException();
        SqlType type = TypeBinder.Bind(column.Type, column.Name, inherited);
        bool isNullable = column.IsNullable ?? !(column.IsPrimaryKey || isKey);
        if ((isKey || column.IsPrimaryKey) && column.IsNullable == true)
            throw SqlErrors.PrimaryKeyCannotBeNull().ToException();
        if (column.IsAutoIncrement)
        {
            if (!type.IsInteger && type.Kind is not (SqlTypeKind.Float or SqlTypeKind.Double))
                throw SqlErrors.WrongFieldSpecification(column.Name).ToException();
            if (column.Default is not null)
                throw SqlErrors.InvalidDefault(column.Name).ToException();
            isNullable = false;
        }

        DefinitionLimits.CheckColumnComment(column.Name, column.Comment ?? "");
        MergeDeclaration.CheckColumn(column.Name, column.EngineAttribute ?? "", type, isKey || column.IsPrimaryKey);
        if (column.OnUpdate is not null && type.Kind is not (SqlTypeKind.DateTime or SqlTypeKind.Timestamp))
            throw new SqlException(new SqlError(1294, "HY000", $"Invalid ON UPDATE clause for '{column.Name}' column"));
        return new ColumnShape
        {
            Type = type,
            IsNullable = isNullable,
            IsAutoIncrement = column.IsAutoIncrement,
            IsInvisible = column.IsInvisible,
            IsUpdatedToNow = column.OnUpdate is not null,
            Default = Default(context, column, type, isNullable),
            Comment = column.Comment ?? "",
            EngineAttribute = column.EngineAttribute ?? "",
        };
    }

    /// <summary>An image of the one column with what rows that were there before it show.</summary>
    public static byte[] Fill(StatementContext context, ColumnShape shape)
    {
        var assignment = new ColumnAssignment(shape.Type, "", isNullable: true);
        SqlValue value = SqlValue.NullOf(shape.Type);
        if (shape.Default.Kind == DefaultKind.Literal)
            value = SqlValue.FromText(shape.Default.Text);
        else if (shape.Default.Kind == DefaultKind.CurrentTimestamp)
            value = context.Evaluation.EvaluateConstant(Changes.ColumnDefaults.Now(shape.Type));
        else if (!shape.IsNullable)
            value = ColumnAssignment.ImplicitDefault(shape.Type);

        var stored = new ColumnVector(shape.Type, 1);
        if (value.IsNull)
        {
            stored.SetNull(0);
        }
        else
        {
            var source = new ColumnVector(value.Type, 1);
            value.CopyTo(source, 0);
            assignment.Assign(context.Evaluation, source, 0, stored, 0);
        }

        using var image = new ByteWriter();
        var writer = new RowImageWriter(LayoutFactory.Create(shape.Type), image);
        writer.Set(0, stored, 0);
        writer.Finish();
        return image.Written.ToArray();
    }

    /// <summary>The default of a clause, checked against the type.</summary>
    public static DefaultValue Default(StatementContext context, ColumnDefinition column, SqlType type, bool isNullable) =>
        Default(context, column.Name, column.Default, column.IsDefaultExpression, type, isNullable);

    /// <summary>The default of a clause, checked against the type.</summary>
    public static DefaultValue Default(
        StatementContext context, string name, ExpressionNode? node, bool isExpression, SqlType type, bool isNullable)
    {
        if (node is null)
            return isNullable ? DefaultValue.Null : DefaultValue.None;
        if (node is NullLiteral)
            return isNullable ? DefaultValue.Null : throw SqlErrors.InvalidDefault(name).ToException();
        if (IsNow(node))
        {
            return type.Kind is SqlTypeKind.DateTime or SqlTypeKind.Timestamp
                ? DefaultValue.CurrentTimestamp
                : throw SqlErrors.InvalidDefault(name).ToException();
        }

        if (isExpression)
            return new DefaultValue(DefaultKind.Expression, SqlPrinter.Print(node));
        if ((type.IsLong || type.Kind is SqlTypeKind.Json) && !isExpression)
            throw SqlErrors.BlobCannotHaveDefault(name).ToException();
        return DefaultValue.Literal(LiteralText(context, name, node, type));
    }

    private static bool IsNow(ExpressionNode node) => node is FunctionCallNode call
        && (call.Name.ToUpperInvariant() is "NOW" or "CURRENT_TIMESTAMP" or "LOCALTIME" or "LOCALTIMESTAMP");

    /// <summary>The default as the column would store it, printed.</summary>
    private static string LiteralText(StatementContext context, string name, ExpressionNode node, SqlType type)
    {
        EvaluationContext evaluation = context.Evaluation;
        SqlValue given = evaluation.EvaluateConstant(ColumnAssignment.SourceFor(type, Compiler.BindConstant(context, node)));
        var source = new ColumnVector(given.Type, 1);
        given.CopyTo(source, 0);
        var stored = new ColumnVector(type, 1);
        bool wasStrict = evaluation.IsStrictWrite;
        evaluation.IsStrictWrite = true;
        int before = evaluation.Diagnostics.TotalCount;
        try
        {
            new ColumnAssignment(type, name, isNullable: true).Assign(evaluation, source, 0, stored, 0);
        }
        catch (SqlException)
        {
            throw SqlErrors.InvalidDefault(name).ToException();
        }
        finally
        {
            evaluation.IsStrictWrite = wasStrict;
        }

        if (evaluation.Diagnostics.TotalCount != before && type.Kind is not SqlTypeKind.Decimal)
            throw SqlErrors.InvalidDefault(name).ToException();
        return Encoding.UTF8.GetString(Conversion.ToText(evaluation, stored, 0));
    }
}
