using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>
/// JSON_VALUE: the scalar at a path as a value of an SQL type. What is not there is answered as ON EMPTY says; what is no scalar,
/// not one value or not of the type as ON ERROR says; both say NULL where they are left out.
/// </summary>
internal static class JsonValueFunction
{
    private const string Name = "json_value";

    /// <summary>What is said in place of a value: NULL, an error, or a value of the type.</summary>
    /// <param name="IsError">True for ERROR.</param>
    /// <param name="Default">The value of DEFAULT, else null.</param>
    public readonly record struct Response(bool IsError, Expression? Default);

    /// <summary>The type without RETURNING.</summary>
    public static SqlType DefaultType => SqlType.VarChar(512, Collation.Utf8Mb4Bin);

    /// <summary>Binds a call.</summary>
    public static FunctionExpression Bind(Expression document, Expression path, SqlType type, Response onEmpty, Response onError)
    {
        List<Expression> arguments = [document, Argument.Text(path)];
        int emptyArgument = Add(onEmpty, type, arguments);
        int errorArgument = Add(onError, type, arguments);
        var assignment = new ColumnAssignment(type, Name, isNullable: true);
        return new FunctionExpression(Name, type, [.. arguments], (context, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row) || vectors[1].IsNull(row))
            {
                result.SetNull(row);
                return;
            }

            JsonItem root = JsonConversion.ParseArgument(vectors[0], row, 1, Name);
            List<JsonItem> found = [];
            JsonConversion.ParsePath(vectors[1], row).Find(root, found);
            if (found.Count == 0)
                Answer(onEmpty, emptyArgument, FunctionErrors.JsonValueMissing(Name), vectors, row, result);
            else if (found.Count > 1)
                Answer(onError, errorArgument, FunctionErrors.JsonValuesMany(Name), vectors, row, result);
            else if (!TryStore(context, assignment, found[0], result, row))
                Answer(onError, errorArgument, FunctionErrors.JsonValueInvalid(type.Kind.ToString().ToUpperInvariant()), vectors, row, result);
        }, seesNulls: true);
    }

    private static int Add(Response response, SqlType type, List<Expression> arguments)
    {
        if (response.Default is null)
            return -1;
        arguments.Add(Operators.Operator.Cast(response.Default, type));
        return arguments.Count - 1;
    }

    private static void Answer(Response response, int argument, SqlError error, ReadOnlySpan<ColumnVector> vectors, int row, ColumnVector result)
    {
        if (response.IsError)
            throw error.ToException();
        if (argument >= 0)
            result.CopyRow(vectors[argument], row, row);
        else
            result.SetNull(row);
    }

    /// <summary>Stores a JSON value as one of a column's type, JSON null as NULL; false where it is none, or would be cut.</summary>
    public static bool TryStore(EvaluationContext context, ColumnAssignment assignment, JsonItem item, ColumnVector result, int row)
    {
        if (result.Type.Kind == SqlTypeKind.Json)
        {
            JsonConversion.Write(item, result, row);
            return true;
        }

        if (!item.IsScalar)
            return false;
        if (item.Kind == JsonKind.Null)
        {
            result.SetNull(row);
            return true;
        }

        bool isNumber = item.Kind == JsonKind.Boolean && result.Type.IsNumeric;
        ColumnVector source = context.Rent(isNumber ? SqlType.BigInt : SqlType.LongText());
        if (isNumber)
            source.SetInt64(0, item.Integer);
        else if (item.Kind == JsonKind.Text)
            source.SetBytes(0, item.Text);
        else
            JsonConversion.Write(item, source, 0);
        bool wasStrict = context.IsStrictWrite;
        context.IsStrictWrite = true;
        int before = context.Diagnostics.TotalCount;
        try
        {
            assignment.Assign(context, source, 0, result, row);
            return context.Diagnostics.TotalCount == before;
        }
        catch (SqlException)
        {
            return false;
        }
        finally
        {
            context.IsStrictWrite = wasStrict;
            context.Return();
        }
    }
}
