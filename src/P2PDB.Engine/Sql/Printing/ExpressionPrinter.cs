using System.Globalization;
using System.Text;
using System.Text.Unicode;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Printing;

// Canonical text, as SHOW CREATE VIEW has it: words in lower case, every operator with its operands in parentheses, names in backticks.
// Printing what was parsed from printed text gives the same text again.

/// <summary>Writes expression trees as canonical SQL.</summary>
internal static class ExpressionPrinter
{
    /// <summary>Appends the expression.</summary>
    public static void Print(SqlText text, ExpressionNode node)
    {
        switch (node)
        {
            case IntegerLiteral literal:
                text.Append(literal.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case DecimalLiteral literal:
                text.Append(literal.Digits);
                break;
            case FloatLiteral literal:
                text.Append(literal.Text);
                break;
            case StringLiteral literal:
                Introduce(text, literal.CharacterSet ?? text.Introducer, isBinary: !Utf8.IsValid(literal.Value));
                Quote(text, literal.Value);
                break;
            case BinaryLiteral literal:
                Binary(text, literal);
                break;
            case BooleanLiteral literal:
                text.Append(literal.Value ? "true" : "false");
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
                text.Column(column);
                break;
            case UserVariableNode variable:
                text.Append('@').Name(variable.Name);
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
            case BinaryNode { Operator: BinaryOperator.Concatenate } concatenation:
                // The operator is one in PIPES_AS_CONCAT alone.
                text.Append("concat(");
                List(text, [concatenation.Left, concatenation.Right]);
                text.Append(')');
                break;
            case UnaryNode unary:
                Unary(text, unary);
                break;
            case BinaryNode or BetweenNode or InListNode or LikeNode or RegexpNode or IsNode or RowNode or CollateNode
                or DateArithmeticNode:
                text.Append('(');
                Operators(text, node);
                text.Append(')');
                break;
            default:
                Queries(text, node);
                break;
        }
    }

    /// <summary>Appends expressions separated by commas.</summary>
    public static void List(SqlText text, ExpressionNode[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            Print(text, items[i]);
        }
    }

    /// <summary>Appends a string; bytes that are no UTF-8 as a hexadecimal literal.</summary>
    public static void Quote(SqlText text, ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value))
        {
            text.Append("x'").Append(Convert.ToHexString(value)).Append('\'');
            return;
        }

        text.Append('\'').Append(Encoding.UTF8.GetString(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\u001a", "\\Z", StringComparison.Ordinal)).Append('\'');
    }

    private static void Introduce(SqlText text, string? characterSet, bool isBinary)
    {
        if (characterSet is null)
            return;
        text.Append('_').Append(characterSet);
        // The x of a hexadecimal literal would belong to the name.
        if (isBinary)
            text.Append(' ');
    }

    private static void Binary(SqlText text, BinaryLiteral literal)
    {
        Introduce(text, literal.CharacterSet, isBinary: true);
        text.Append(literal.IsBits ? "b'" : "x'");
        foreach (byte value in literal.Value)
            text.Append(value.ToString(literal.IsBits ? "B8" : "X2", CultureInfo.InvariantCulture));
        text.Append('\'');
    }

    private static void SystemVariable(SqlText text, SystemVariableNode variable)
    {
        text.Append("@@");
        if (variable.Scope != VariableScope.None)
            text.Append(variable.Scope == VariableScope.PersistOnly ? "PERSIST_ONLY" : variable.Scope.ToString().ToUpperInvariant()).Append('.');
        if (variable.Component is { } component)
            text.Name(component).Append('.');

        text.Name(variable.Name);
    }

    private static void Unary(SqlText text, UnaryNode unary)
    {
        string sign = unary.Operator switch
        {
            UnaryOperator.Minus => "-",
            UnaryOperator.Plus => "+",
            UnaryOperator.BitNot => "~",
            UnaryOperator.Binary => "(binary ",
            _ => "(not",
        };
        bool isWord = sign[0] == '(';
        text.Append(sign).Append(unary.Operator == UnaryOperator.Binary ? "" : "(");
        Print(text, unary.Operand);
        text.Append(unary.Operator == UnaryOperator.Binary ? "" : ")").Append(isWord ? ")" : "");
    }

    private static void Operators(SqlText text, ExpressionNode node)
    {
        switch (node)
        {
            case BinaryNode { Operator: BinaryOperator.MemberOf } member:
                Print(text, member.Left);
                text.Append(" member of (");
                Print(text, member.Right);
                text.Append(')');
                break;
            case BinaryNode binary:
                Infix(text, binary.Left, Symbol(binary.Operator), binary.Right);
                break;
            case BetweenNode between:
                Infix(text, between.Value, between.IsNegated ? "not between" : "between", between.Low);
                text.Append(" and ");
                Print(text, between.High);
                break;
            case InListNode list:
                Print(text, list.Value);
                text.Append(list.IsNegated ? " not in (" : " in (");
                List(text, list.Items);
                text.Append(')');
                break;
            case LikeNode like:
                Infix(text, like.Value, like.IsNegated ? "not like" : "like", like.Pattern);
                if (like.Escape is { } escape)
                {
                    text.Append(" escape ");
                    Print(text, escape);
                }

                break;
            case RegexpNode regexp:
                Infix(text, regexp.Value, regexp.IsNegated ? "not regexp" : "regexp", regexp.Pattern);
                break;
            case IsNode test:
                Print(text, test.Value);
                text.Append(test.IsNegated ? " is not " : " is ").Append(test.Test.ToString().ToLowerInvariant());
                break;
            case RowNode row:
                List(text, row.Items);
                break;
            case CollateNode collate:
                Print(text, collate.Operand);
                text.Append(" collate ");
                text.Word(collate.Collation);
                break;
            case DateArithmeticNode date:
                Print(text, date.Date);
                text.Append(date.IsSubtraction ? " - interval " : " + interval ");
                Print(text, date.Amount);
                text.Append(' ').Append(Unit(date.Unit));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node));
        }
    }

    private static void Infix(SqlText text, ExpressionNode left, string symbol, ExpressionNode right)
    {
        Print(text, left);
        text.Append(' ').Append(symbol).Append(' ');
        Print(text, right);
    }

    private static void Queries(SqlText text, ExpressionNode node)
    {
        switch (node)
        {
            case SubqueryNode subquery:
                QueryPrinter.Subquery(text, subquery.Query);
                break;
            case ExistsNode exists:
                text.Append("exists");
                QueryPrinter.Subquery(text, exists.Query);
                break;
            case InQueryNode query:
                text.Append('(');
                Print(text, query.Value);
                text.Append(query.IsNegated ? " not in " : " in ");
                QueryPrinter.Subquery(text, query.Query);
                text.Append(')');
                break;
            case QuantifiedComparisonNode quantified:
                text.Append('(');
                Print(text, quantified.Left);
                text.Append(' ').Append(Symbol(quantified.Operator)).Append(quantified.IsAll ? " all " : " any ");
                QueryPrinter.Subquery(text, quantified.Query);
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
        IntervalUnit.SecondMicrosecond => "second_microsecond",
        IntervalUnit.MinuteMicrosecond => "minute_microsecond",
        IntervalUnit.MinuteSecond => "minute_second",
        IntervalUnit.HourMicrosecond => "hour_microsecond",
        IntervalUnit.HourSecond => "hour_second",
        IntervalUnit.HourMinute => "hour_minute",
        IntervalUnit.DayMicrosecond => "day_microsecond",
        IntervalUnit.DaySecond => "day_second",
        IntervalUnit.DayMinute => "day_minute",
        IntervalUnit.DayHour => "day_hour",
        IntervalUnit.YearMonth => "year_month",
        _ => unit.ToString().ToLowerInvariant(),
    };

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.Xor => "xor",
        BinaryOperator.And => "and",
        BinaryOperator.Equal => "=",
        BinaryOperator.NullSafeEqual => "<=>",
        BinaryOperator.NotEqual => "<>",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.SoundsLike => "sounds like",
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
        _ => "->>",
    };
}
