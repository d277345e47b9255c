using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>An expression that runs a query.</summary>
/// <param name="type">The type of its value.</param>
/// <param name="request">The query, planned.</param>
internal abstract class QueryExpression(SqlType type, SubqueryRequest request) : Expression(type)
{
    /// <summary>The query, planned.</summary>
    public SubqueryRequest Request => request;

    /// <summary>True where the query reads the row that the expression is evaluated for; else it runs once, and is cheap to ask again.</summary>
    public bool IsCorrelated => request.Outer is not null;

    /// <summary>True where an expression runs a correlated query somewhere inside.</summary>
    public static bool IsInside(Expression expression)
    {
        if (expression is QueryExpression { IsCorrelated: true })
            return true;
        foreach (Expression child in expression.Children)
        {
            if (IsInside(child))
                return true;
        }

        return false;
    }

    /// <summary>The queries inside expressions, in the order of the text.</summary>
    public static List<QueryExpression> AllIn(IEnumerable<Expression> expressions)
    {
        List<QueryExpression> found = [];
        foreach (Expression expression in expressions)
            Collect(expression, found);
        return found;
    }

    private static void Collect(Expression expression, List<QueryExpression> found)
    {
        if (expression is QueryExpression query && !found.Contains(query))
            found.Add(query);
        foreach (Expression child in expression.Children)
            Collect(child, found);
    }
}
