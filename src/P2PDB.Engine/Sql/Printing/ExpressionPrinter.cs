using System.Globalization;
using System.Text;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Printing;

// Canonical text: every operator with operands stands in parentheses, every name in backticks, strings escaped by doubling quotes and backslashes.
// Printing what was parsed from printed text gives the same text again.

/// <summary>Writes expression trees as canonical SQL.</summary>
internal static class ExpressionPrinter
{
    /// <summary>Appends the expression.</summary>
    public static void Print(StringBuilder text, ExpressionNode node)
    {
        switch (node)
        {
            case IntegerLiteral literal:
                text.Append(CultureInfo.InvariantCulture, $"{literal.Value}");
                break;
            case DecimalLiteral literal:
                text.Append(literal.Digits);
                break;
            case FloatLiteral literal:
                text.Append(literal.Text);
                break;
            case StringLiteral literal:
                Introduce(text, literal.CharacterSet);
                Quote(text, literal.Value);
                break;
            case BinaryLiteral literal:
                Binary(text, literal);
                break;
            case BooleanLiteral literal:
                text.Append(literal.Value ? "TRUE" : "FALSE");
                break;
            case NullLiteral:
                text.Append("NULL");
                break;
            case TemporalLiteral literal:
                text.Append(literal.Kind.ToString().ToUpperInvariant());
                Quote(text, literal.Text);
                break;
            case ParameterNode:
                text.Append('?');
                break;
            case ColumnNode column:
                Column(text, column);
                break;
            case UserVariableNode variable:
                text.Append('@');
                Name(text, variable.Name);
                break;
            case SystemVariableNode variable:
                SystemVariable(text, variable);
                break;
            case AssignNode assign:
                text.Append('(');
                Print(text, assign.Variable);
                text.Append(" := ");
                Print(text, assign.Value);
                text.Append(')');
                break;
            default:
                Operators(text, node);
                break;
        }
    }

    /// <summary>Appends expressions separated by commas.</summary>
    public static void List(StringBuilder text, ExpressionNode[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Print(text, items[i]);
        }
    }

    /// <summary>Appends a name in backticks.</summary>
    public static void Name(StringBuilder text, string name) => text.Append('`').Append(name.Replace("`", "``", StringComparison.Ordinal)).Append('`');

    /// <summary>Appends [database.]name.</summary>
    public static void Name(StringBuilder text, ObjectName name)
    {
        if (name.Schema is { } schema)
        {
            Name(text, schema);
            text.Append('.');
        }

        Name(text, name.Name);
    }

    /// <summary>Appends a string; bytes that are no UTF-8 as a hexadecimal literal.</summary>
    public static void Quote(StringBuilder text, ReadOnlySpan<byte> value)
    {
        if (!System.Text.Unicode.Utf8.IsValid(value))
        {
            text.Append("x'").Append(Convert.ToHexString(value)).Append('\'');
            return;
        }

        text.Append('\'').Append(Encoding.UTF8.GetString(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)).Append('\'');
    }

    private static void Introduce(StringBuilder text, string? characterSet)
    {
        if (characterSet is not null)
            text.Append('_').Append(characterSet).Append(' ');
    }

    private static void Binary(StringBuilder text, BinaryLiteral literal)
    {
        Introduce(text, literal.CharacterSet);
        text.Append(literal.IsBits ? "b'" : "x'");
        foreach (byte value in literal.Value)
            text.Append(value.ToString(literal.IsBits ? "B8" : "X2", CultureInfo.InvariantCulture));
        text.Append('\'');
    }

    private static void Column(StringBuilder text, ColumnNode column)
    {
        if (column.Schema is { } schema)
        {
            Name(text, schema);
            text.Append('.');
        }

        if (column.Table is { } table)
        {
            Name(text, table);
            text.Append('.');
        }

        Name(text, column.Name);
    }

    private static void SystemVariable(StringBuilder text, SystemVariableNode variable)
    {
        text.Append("@@");
        if (variable.Scope != VariableScope.None)
            text.Append(variable.Scope == VariableScope.PersistOnly ? "PERSIST_ONLY" : variable.Scope.ToString().ToUpperInvariant()).Append('.');
        if (variable.Component is { } component)
        {
            Name(text, component);
            text.Append('.');
        }

        Name(text, variable.Name);
    }

    private static void Operators(StringBuilder text, ExpressionNode node)
    {
        text.Append('(');
        switch (node)
        {
            case UnaryNode unary:
                text.Append(unary.Operator switch
                {
                    UnaryOperator.Minus => "- ",
                    UnaryOperator.Plus => "+ ",
                    UnaryOperator.BitNot => "~",
                    UnaryOperator.Binary => "BINARY ",
                    _ => "NOT ",
                });
                Print(text, unary.Operand);
                break;
            case BinaryNode { Operator: BinaryOperator.MemberOf } member:
                Print(text, member.Left);
                text.Append(" MEMBER OF (");
                Print(text, member.Right);
                text.Append(')');
                break;
            case BinaryNode binary:
                Infix(text, binary.Left, Symbol(binary.Operator), binary.Right);
                break;
            case BetweenNode between:
                Infix(text, between.Value, between.IsNegated ? "NOT BETWEEN" : "BETWEEN", between.Low);
                text.Append(" AND ");
                Print(text, between.High);
                break;
            case InListNode list:
                Print(text, list.Value);
                text.Append(list.IsNegated ? " NOT IN (" : " IN (");
                List(text, list.Items);
                text.Append(')');
                break;
            case LikeNode like:
                Infix(text, like.Value, like.IsNegated ? "NOT LIKE" : "LIKE", like.Pattern);
                if (like.Escape is { } escape)
                {
                    text.Append(" ESCAPE ");
                    Print(text, escape);
                }

                break;
            case RegexpNode regexp:
                Infix(text, regexp.Value, regexp.IsNegated ? "NOT REGEXP" : "REGEXP", regexp.Pattern);
                break;
            case IsNode test:
                Print(text, test.Value);
                text.Append(test.IsNegated ? " IS NOT " : " IS ").Append(test.Test.ToString().ToUpperInvariant());
                break;
            case RowNode row:
                List(text, row.Items);
                break;
            case CollateNode collate:
                Print(text, collate.Operand);
                text.Append(" COLLATE ");
                Name(text, collate.Collation);
                break;
            case DateArithmeticNode date:
                Print(text, date.Date);
                text.Append(date.IsSubtraction ? " - INTERVAL " : " + INTERVAL ");
                Print(text, date.Amount);
                text.Append(' ').Append(Unit(date.Unit));
                break;
            default:
                text.Length--;
                Queries(text, node);
                return;
        }

        text.Append(')');
    }

    private static void Infix(StringBuilder text, ExpressionNode left, string symbol, ExpressionNode right)
    {
        Print(text, left);
        text.Append(' ').Append(symbol).Append(' ');
        Print(text, right);
    }

    private static void Queries(StringBuilder text, ExpressionNode node)
    {
        switch (node)
        {
            case SubqueryNode subquery:
                QueryPrinter.InParentheses(text, subquery.Query);
                break;
            case ExistsNode exists:
                text.Append("EXISTS ");
                QueryPrinter.InParentheses(text, exists.Query);
                break;
            case InQueryNode query:
                text.Append('(');
                Print(text, query.Value);
                text.Append(query.IsNegated ? " NOT IN " : " IN ");
                QueryPrinter.InParentheses(text, query.Query);
                text.Append(')');
                break;
            case QuantifiedComparisonNode quantified:
                text.Append('(');
                Print(text, quantified.Left);
                text.Append(' ').Append(Symbol(quantified.Operator)).Append(quantified.IsAll ? " ALL " : " ANY ");
                QueryPrinter.InParentheses(text, quantified.Query);
                text.Append(')');
                break;
            default:
                CallPrinter.Print(text, node);
                break;
        }
    }

    /// <summary>A unit's word.</summary>
    public static string Unit(IntervalUnit unit) => unit switch
    {
        IntervalUnit.SecondMicrosecond => "SECOND_MICROSECOND",
        IntervalUnit.MinuteMicrosecond => "MINUTE_MICROSECOND",
        IntervalUnit.MinuteSecond => "MINUTE_SECOND",
        IntervalUnit.HourMicrosecond => "HOUR_MICROSECOND",
        IntervalUnit.HourSecond => "HOUR_SECOND",
        IntervalUnit.HourMinute => "HOUR_MINUTE",
        IntervalUnit.DayMicrosecond => "DAY_MICROSECOND",
        IntervalUnit.DaySecond => "DAY_SECOND",
        IntervalUnit.DayMinute => "DAY_MINUTE",
        IntervalUnit.DayHour => "DAY_HOUR",
        IntervalUnit.YearMonth => "YEAR_MONTH",
        _ => unit.ToString().ToUpperInvariant(),
    };

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Or => "OR",
        BinaryOperator.Xor => "XOR",
        BinaryOperator.And => "AND",
        BinaryOperator.Equal => "=",
        BinaryOperator.NullSafeEqual => "<=>",
        BinaryOperator.NotEqual => "<>",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.SoundsLike => "SOUNDS LIKE",
        BinaryOperator.BitOr => "|",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.IntegerDivide => "DIV",
        BinaryOperator.Modulo => "%",
        BinaryOperator.BitXor => "^",
        BinaryOperator.JsonExtract => "->",
        BinaryOperator.JsonUnquote => "->>",
        _ => "||",
    };
}
