using System.Globalization;
using System.Text;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Prints the expressions that a definition keeps as text: literals, operators, functions.</summary>
internal static class SqlPrinter
{
    /// <summary>The text; error 1235 for what cannot be printed yet.</summary>
    public static string Print(ExpressionNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ExpressionNode node)
    {
        switch (node)
        {
            case NullLiteral: text.Append("NULL"); break;
            case IntegerLiteral n: text.Append(n.Value.ToString(CultureInfo.InvariantCulture)); break;
            case DecimalLiteral n: text.Append(n.Digits); break;
            case FloatLiteral n: text.Append(n.Text); break;
            case BooleanLiteral n: text.Append(n.Value ? "true" : "false"); break;
            case StringLiteral n: AppendText(text, n.Value); break;
            case BinaryLiteral n: text.Append("0x").Append(Convert.ToHexString(n.Value)); break;
            case ColumnNode n: text.Append('`').Append(n.Name).Append('`'); break;
            case UnaryNode { Operator: UnaryOperator.Minus } n:
                text.Append('-');
                Append(text, n.Operand);
                break;
            case BinaryNode n when OperatorText(n.Operator) is { } symbol:
                text.Append('(');
                Append(text, n.Left);
                text.Append(symbol);
                Append(text, n.Right);
                text.Append(')');
                break;
            case FunctionCallNode n:
                text.Append(n.Name.ToLowerInvariant()).Append('(');
                for (int i = 0; i < n.Arguments.Length; i++)
                {
                    if (i > 0)
                        text.Append(',');
                    Append(text, n.Arguments[i]);
                }

                text.Append(')');
                break;
            case DateArithmeticNode n:
                text.Append('(');
                Append(text, n.Date);
                text.Append(n.IsSubtraction ? " - interval " : " + interval ");
                Append(text, n.Amount);
                text.Append(' ').Append(n.Unit.ToString().ToLowerInvariant()).Append(')');
                break;
            default:
                throw SqlErrors.NotSupportedYet("this default expression").ToException();
        }
    }

    private static string? OperatorText(BinaryOperator kind) => kind switch
    {
        BinaryOperator.Add => " + ",
        BinaryOperator.Subtract => " - ",
        BinaryOperator.Multiply => " * ",
        BinaryOperator.Divide => " / ",
        BinaryOperator.Modulo => " % ",
        _ => null,
    };

    private static void AppendText(StringBuilder text, byte[] value)
    {
        string shown = Encoding.UTF8.GetString(value);
        text.Append('\'').Append(shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)).Append('\'');
    }
}
