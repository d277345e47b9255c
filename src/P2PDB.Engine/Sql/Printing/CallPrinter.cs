using System.Text;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>Writes calls and the other forms with a name in front.</summary>
internal static class CallPrinter
{
    /// <summary>Appends the call.</summary>
    public static void Print(StringBuilder text, ExpressionNode node)
    {
        switch (node)
        {
            case FunctionCallNode { Schema: null, Name: "CURRENT_USER", Arguments.Length: 0 }:
                text.Append("CURRENT_USER()");
                break;
            case FunctionCallNode call:
                if (call.Schema is { } schema)
                {
                    ExpressionPrinter.Name(text, schema);
                    text.Append('.');
                    ExpressionPrinter.Name(text, call.Name);
                }
                else
                {
                    Plain(text, call);
                }

                Arguments(text, call.Arguments);
                break;
            case AggregateNode aggregate:
                Aggregate(text, aggregate);
                break;
            case WindowCallNode window:
                text.Append(window.Name);
                Arguments(text, window.Arguments);
                text.Append(window.FromLast ? " FROM LAST" : string.Empty).Append(window.IgnoreNulls ? " IGNORE NULLS" : string.Empty);
                QueryPrinter.Over(text, window.Over);
                break;
            case CaseNode @case:
                Case(text, @case);
                break;
            case IntervalUnitNode unit:
                text.Append(ExpressionPrinter.Unit(unit.Unit));
                break;
            case ExtractNode extract:
                text.Append("EXTRACT(").Append(ExpressionPrinter.Unit(extract.Unit)).Append(" FROM ");
                Close(text, extract.Value);
                break;
            case TrimNode trim:
                text.Append("TRIM(").Append(trim.Side.ToString().ToUpperInvariant()).Append(' ');
                if (trim.Remove is { } remove)
                    ExpressionPrinter.Print(text, remove);
                text.Append(" FROM ");
                Close(text, trim.Value);
                break;
            case ConvertUsingNode convert:
                text.Append("CONVERT(");
                ExpressionPrinter.Print(text, convert.Operand);
                text.Append(" USING ").Append(convert.CharacterSet).Append(')');
                break;
            case DefaultNode { Column: { } column }:
                text.Append("DEFAULT(");
                Close(text, column);
                break;
            case DefaultNode:
                text.Append("DEFAULT");
                break;
            case InsertedValueNode inserted:
                text.Append("VALUES(");
                Close(text, inserted.Column);
                break;
            default:
                throw new NotSupportedException(node.GetType().Name);
        }
    }

    private static void Close(StringBuilder text, ExpressionNode last)
    {
        ExpressionPrinter.Print(text, last);
        text.Append(')');
    }

    // Reserved words are the functions of their name; other names with a form of their own go in backticks, which means the plain form.
    private static void Plain(StringBuilder text, FunctionCallNode call)
    {
        Keyword keyword = KeywordTable.Find(Encoding.UTF8.GetBytes(call.Name));
        if (KeywordTable.IsReserved(keyword) || call.Arguments is [IntervalUnitNode, ..])
            text.Append(call.Name);
        else
            ExpressionPrinter.Name(text, call.Name);
    }

    private static void Arguments(StringBuilder text, ExpressionNode[] arguments)
    {
        text.Append('(');
        ExpressionPrinter.List(text, arguments);
        text.Append(')');
    }

    private static void Aggregate(StringBuilder text, AggregateNode aggregate)
    {
        text.Append(aggregate.Name).Append(aggregate.IsDistinct ? "(DISTINCT " : "(");
        if (aggregate.Arguments.Length == 0)
            text.Append('*');
        ExpressionPrinter.List(text, aggregate.Arguments);
        QueryPrinter.OrderBy(text, aggregate.OrderBy);
        if (aggregate.Separator is { } separator)
        {
            text.Append(" SEPARATOR ");
            ExpressionPrinter.Quote(text, separator);
        }

        text.Append(')');
        if (aggregate.Over is { } over)
            QueryPrinter.Over(text, over);
    }

    private static void Case(StringBuilder text, CaseNode @case)
    {
        text.Append("CASE ");
        if (@case.Operand is { } operand)
        {
            ExpressionPrinter.Print(text, operand);
            text.Append(' ');
        }

        foreach (CaseBranch branch in @case.Branches)
        {
            text.Append("WHEN ");
            ExpressionPrinter.Print(text, branch.Condition);
            text.Append(" THEN ");
            ExpressionPrinter.Print(text, branch.Result);
            text.Append(' ');
        }

        if (@case.Otherwise is { } otherwise)
        {
            text.Append("ELSE ");
            ExpressionPrinter.Print(text, otherwise);
            text.Append(' ');
        }

        text.Append("END");
    }
}
