using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Functions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Binds functions that have a syntax of their own: CAST, EXTRACT, TRIM, date + INTERVAL and the like.</summary>
internal static class SyntaxFunctionBinder
{
    /// <summary>Binds such a node; error 1235 for what no function does yet.</summary>
    public static Expression Bind(ExpressionNode node, ExpressionBinder binder, BindingContext context)
    {
        switch (node)
        {
            case CastNode { IsArray: false, AtTimeZone: null } n:
                return BindCast(n, binder, context);
            case CollateNode n:
                Collation collation = Collation.Find(n.Collation) ?? throw SqlErrors.UnknownCollation(n.Collation).ToException();
                return Operator.Collate(binder.Bind(n.Operand), collation);
            case ConvertUsingNode n:
                return BindConvertUsing(n, binder, context);
            case CharNode n:
                Expression text = binder.Function("CHAR", binder.BindAll(n.Codes));
                return n.CharacterSet is null ? text : Using(text, n.CharacterSet, context);
            case ExtractNode n:
                return TemporalFunctions.Extract(Unit(n.Unit), binder.Bind(n.Value));
            case TrimNode n:
                return BindTrim(n, binder);
            case DateArithmeticNode n:
                return TemporalArithmetic.AddInterval(
                    binder.Bind(n.Date), binder.Bind(n.Amount), Unit(n.Unit), n.IsSubtraction);
            case FunctionCallNode { Arguments: [IntervalUnitNode unit, var first, var second] } n:
                return IsDifference(n.Name)
                    ? TemporalArithmetic.TimestampDiff(Unit(unit.Unit), binder.Bind(first), binder.Bind(second))
                    : TemporalArithmetic.TimestampAdd(Unit(unit.Unit), binder.Bind(first), binder.Bind(second));
            case JsonValueNode n:
                return BindJsonValue(n, binder, context);
            case WeightStringNode n:
                return BindWeightString(n, binder);
            case MatchNode:
                throw SqlErrors.NotSupportedYet("MATCH … AGAINST").ToException();
            default:
                throw SqlErrors.NotSupportedYet(node.GetType().Name.Replace("Node", "", StringComparison.Ordinal)).ToException();
        }
    }

    private static bool IsDifference(string name) => name.Equals("TIMESTAMPDIFF", StringComparison.OrdinalIgnoreCase);

    /// <summary>Both enumerations list MySQL's units in the same order.</summary>
    private static Types.IntervalUnit Unit(Sql.Ast.Expressions.IntervalUnit unit) => (Types.IntervalUnit)unit;

    private static Expression BindCast(CastNode node, ExpressionBinder binder, BindingContext context)
    {
        Expression operand = binder.Bind(node.Operand);
        return Operator.Cast(operand, TypeOfCast(node.Type, operand.Type, context));
    }

    /// <summary>The type that a cast from another one gives: strings without a length take that one's.</summary>
    private static SqlType TypeOfCast(DataTypeNode type, SqlType from, BindingContext context)
    {
        switch (type.Kind)
        {
            case DataTypeKind.Char or DataTypeKind.VarChar:
                Collation collation = TypeBinder.CollationOf(type.CharacterSet, type.Collation, context.LiteralCollation);
                long length = (long?)type.Length ?? NumericTyping.TextLengthOf(from);
                return collation.IsBinary ? SqlType.VarBinary(length) : SqlType.VarChar(length, collation);
            case DataTypeKind.Binary or DataTypeKind.VarBinary:
                return type.Length is { } exact
                    ? new SqlType(SqlTypeKind.Binary, (long)exact)
                    : SqlType.VarBinary(NumericTyping.TextLengthOf(from) * 4);
            case DataTypeKind.BigInt or DataTypeKind.Int:
                return type.IsUnsigned ? SqlType.UnsignedBigInt : SqlType.BigInt;
            default:
                return TypeBinder.Bind(type, "cast", context.LiteralCollation);
        }
    }

    private static Expression BindConvertUsing(ConvertUsingNode node, ExpressionBinder binder, BindingContext context) =>
        Using(binder.Bind(node.Operand), node.CharacterSet, context);

    private static Expression Using(Expression operand, string charset, BindingContext context)
    {
        Collation collation = TypeBinder.CollationOf(charset, null, context.LiteralCollation);
        long length = NumericTyping.TextLengthOf(operand.Type);
        return Operator.Cast(operand, collation.IsBinary
            ? SqlType.VarBinary(length * 4) : SqlType.VarChar(length, collation));
    }

    private static FunctionExpression BindJsonValue(JsonValueNode node, ExpressionBinder binder, BindingContext context)
    {
        SqlType type = node.Returning is null ? JsonValueFunction.DefaultType : TypeOfCast(node.Returning, JsonValueFunction.DefaultType, context);
        return JsonValueFunction.Bind(binder.Bind(node.Document), binder.Bind(node.Path), type, Response(node.OnEmpty), Response(node.OnError));

        JsonValueFunction.Response Response(JsonResponse? response) => response is null
            ? default
            : new JsonValueFunction.Response(response.IsError, response.Default is null ? null : binder.Bind(response.Default));
    }

    // A length cuts the text, or fills it with spaces; AS BINARY takes its bytes.
    private static Expression BindWeightString(WeightStringNode node, ExpressionBinder binder)
    {
        Expression value = binder.Bind(node.Value);
        if (node.Length is { } length)
        {
            Expression width = ExpressionBinder.Constant(SqlValue.FromInt64(length));
            if (node.IsBinary)
                return Operator.Cast(value, new SqlType(SqlTypeKind.Binary, length));
            value = binder.Function("RPAD", [value, width]);
        }

        return binder.Function("WEIGHT_STRING", [value]);
    }

    private static Expression BindTrim(TrimNode node, ExpressionBinder binder) => StringFunctions.Trim(
        binder.Bind(node.Value), node.Remove is null ? null : binder.Bind(node.Remove),
        atStart: node.Side != TrimSide.Trailing, atEnd: node.Side != TrimSide.Leading);
}
