using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Expressions that read and write variables.</summary>
internal static class VariableExpressions
{
    /// <summary>@name. Its type is that of its value when the statement is planned.</summary>
    public static Expression User(string name, BindingContext context)
    {
        SqlType type = context.Evaluation.Session.GetUserVariable(name).Type;
        if (type.Kind == SqlTypeKind.Null)
            type = SqlType.LongText();
        return new FunctionExpression("@" + name, type, [], (evaluation, _, row, result) =>
            Put(evaluation, evaluation.Session.GetUserVariable(name), result, row), seesNulls: true, isDeterministic: false);
    }

    /// <summary>@@name: a constant, since a plan that reads variables is not kept.</summary>
    public static Expression System(SystemVariableNode node, BindingContext context)
    {
        bool isGlobal = node.Scope is VariableScope.Global;
        string name = node.Component is null ? node.Name : node.Component + "." + node.Name;
        return new ConstantExpression(context.Evaluation.Session.GetSystemVariable(name, isGlobal));
    }

    /// <summary>@name := value.</summary>
    public static Expression Assign(string name, Expression value) =>
        new FunctionExpression(":=", value.Type, [value], (evaluation, arguments, row, result) =>
        {
            result.CopyRow(arguments[0], row, row);
            evaluation.Session.SetUserVariable(name, SqlValue.FromVector(arguments[0], row));
        }, seesNulls: true, isDeterministic: false);

    private static void Put(EvaluationContext context, SqlValue value, ColumnVector result, int row)
    {
        if (value.IsNull)
        {
            result.SetNull(row);
            return;
        }

        ColumnVector given = context.Rent(value.Type);
        value.CopyTo(given, 0);
        ColumnVector converted = context.Rent(result.Type);
        Conversion.Convert(context, given, 0, converted, 0);
        result.CopyRow(converted, 0, row);
        context.Return(2);
    }
}
