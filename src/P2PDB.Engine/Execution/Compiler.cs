using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>Makes the planner's context for one statement of a session.</summary>
internal static class Compiler
{
    /// <summary>The context for planning with parameters of the given types, under the session's rights where no others are given.</summary>
    public static BindingContext Context(
        StatementContext context, SqlType[]? parameterTypes = null, Func<int, int>? liftedLiteral = null, SqlValue[]? parameterValues = null,
        Rights? rights = null)
    {
        rights ??= context.Session.Rights;
        parameterValues ??= [];
        string? collation = context.Session.Variables.Get("collation_connection");
        return new BindingContext
        {
            Tables = new Resolver(context),
            MakeSubquery = request => new SubqueryExpression(request, () => context),
            Evaluation = context.Evaluation,
            Estimation = context.Session.EstimationFor(parameterValues),
            ParameterValues = parameterValues,
            Rights = rights,
            Asker = rights,
            Schema = context.Session.Schema,
            LiteralCollation = (collation is null ? null : Collation.Find(collation)) ?? Collation.Default,
            ParameterTypes = parameterTypes ?? [],
            LiftedLiteral = liftedLiteral,
        };
    }

    /// <summary>Binds an expression that reads no row; its parameters have the types of the values they have now.</summary>
    public static Expression BindConstant(StatementContext context, Sql.Ast.Expressions.ExpressionNode node)
    {
        SqlType[] parameterTypes = Array.ConvertAll(context.Evaluation.Parameters, static value => value.Type);
        var binder = new ExpressionBinder(new QueryBlock(null), Context(context, parameterTypes));
        return binder.Bind(node);
    }

    /// <summary>The value of an expression that reads no row.</summary>
    public static SqlValue Evaluate(StatementContext context, Sql.Ast.Expressions.ExpressionNode node) =>
        context.Evaluation.EvaluateConstant(BindConstant(context, node));
}
