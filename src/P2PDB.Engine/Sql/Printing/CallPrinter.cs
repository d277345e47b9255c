using System.Globalization;
using System.Text;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>Writes calls and the other forms with a name in front.</summary>
internal static class CallPrinter
{
    /// <summary>Appends the call.</summary>
    public static void Print(SqlText text, ExpressionNode node)
    {
        switch (node)
        {
            case FunctionCallNode call:
                Call(text, call);
                break;
            case AggregateNode aggregate:
                Aggregate(text, aggregate);
                break;
            case WindowCallNode window:
                text.Append(window.Name.ToLowerInvariant());
                Arguments(text, window.Arguments);
                text.Append(window.FromLast ? " from last" : "").Append(window.IgnoreNulls ? " ignore nulls" : "");
                WindowPrinter.Over(text, window.Over);
                break;
            case CaseNode @case:
                Case(text, @case);
                break;
            case IntervalUnitNode unit:
                text.Append(ExpressionPrinter.Unit(unit.Unit));
                break;
            case ExtractNode extract:
                text.Append("extract(").Append(ExpressionPrinter.Unit(extract.Unit)).Append(" from ");
                Close(text, extract.Value);
                break;
            case TrimNode trim:
                Trim(text, trim);
                break;
            case CastNode cast:
                Cast(text, cast);
                break;
            case ConvertUsingNode convert:
                text.Append("convert(");
                ExpressionPrinter.Print(text, convert.Operand);
                text.Append(" using ").Append(convert.CharacterSet).Append(')');
                break;
            case CharNode character:
                text.Append("char(");
                ExpressionPrinter.List(text, character.Codes);
                text.Append(character.CharacterSet is null ? "" : " using ").Append(character.CharacterSet ?? "").Append(')');
                break;
            case DefaultNode { Column: { } column }:
                text.Append("default(");
                Close(text, column);
                break;
            case DefaultNode:
                text.Append("default");
                break;
            case InsertedValueNode inserted:
                text.Append("values(");
                Close(text, inserted.Column);
                break;
            default:
                throw new NotSupportedException(node.GetType().Name);
        }
    }

    private static void Close(SqlText text, ExpressionNode last)
    {
        ExpressionPrinter.Print(text, last);
        text.Append(')');
    }

    private static void Call(SqlText text, FunctionCallNode call)
    {
        if (call.Schema is { } schema)
            text.Name(schema).Append('.').Name(call.Name);
        else if (HasPlainForm(call))
            text.Word(call.Name.ToLowerInvariant());
        else if (KeywordTable.IsReserved(KeywordOf(call.Name)) || call.Arguments is [IntervalUnitNode, ..])
            text.Append(call.Name.ToLowerInvariant());
        else
            text.Name(call.Name);
        Arguments(text, call.Arguments);
    }

    /// <summary>
    /// True where name(arguments) reads as this call. Names with a form of their own have it with other arguments only, or never; in
    /// backticks they mean the plain form.
    /// </summary>
    private static bool HasPlainForm(FunctionCallNode call) => KeywordOf(call.Name) switch
    {
        Keyword.SUBSTRING or Keyword.SUBSTR or Keyword.MID => call.Arguments.Length is 2 or 3,
        Keyword.CAST or Keyword.EXTRACT or Keyword.TRIM or Keyword.POSITION or Keyword.DATE_ADD or Keyword.DATE_SUB or Keyword.ADDDATE
            or Keyword.SUBDATE or Keyword.TIMESTAMPADD or Keyword.TIMESTAMPDIFF or Keyword.GET_FORMAT or Keyword.WEIGHT_STRING
            or Keyword.JSON_VALUE or Keyword.COUNT or Keyword.SUM or Keyword.MIN or Keyword.MAX or Keyword.AVG or Keyword.BIT_AND
            or Keyword.BIT_OR or Keyword.BIT_XOR or Keyword.STD or Keyword.STDDEV or Keyword.STDDEV_POP or Keyword.STDDEV_SAMP
            or Keyword.VARIANCE or Keyword.VAR_POP or Keyword.VAR_SAMP or Keyword.JSON_ARRAYAGG or Keyword.JSON_OBJECTAGG
            or Keyword.ST_COLLECT or Keyword.GROUP_CONCAT => false,
        Keyword keyword => !KeywordTable.IsReserved(keyword),
    };

    private static Keyword KeywordOf(string name) => KeywordTable.Find(Encoding.UTF8.GetBytes(name));

    private static void Arguments(SqlText text, ExpressionNode[] arguments)
    {
        text.Append('(');
        ExpressionPrinter.List(text, arguments);
        text.Append(')');
    }

    private static void Aggregate(SqlText text, AggregateNode aggregate)
    {
        text.Append(aggregate.Name.ToLowerInvariant()).Append(aggregate.IsDistinct ? "(distinct " : "(");
        if (aggregate.Arguments.Length == 0)
            text.Append('0'); // COUNT(*) counts a value that is never NULL
        ExpressionPrinter.List(text, aggregate.Arguments);
        QueryPrinter.OrderBy(text, aggregate.OrderBy);
        if (aggregate.Separator is { } separator)
        {
            text.Append(" separator ");
            ExpressionPrinter.Quote(text, separator);
        }

        text.Append(')');
        if (aggregate.Over is { } over)
            WindowPrinter.Over(text, over);
    }

    private static void Trim(SqlText text, TrimNode trim)
    {
        text.Append("trim(");
        if (trim.Side != TrimSide.Both || trim.Remove is not null)
        {
            text.Append(trim.Side.ToString().ToLowerInvariant()).Append(' ');
            if (trim.Remove is { } remove)
            {
                ExpressionPrinter.Print(text, remove);
                text.Append(' ');
            }

            text.Append("from ");
        }

        Close(text, trim.Value);
    }

    private static void Cast(SqlText text, CastNode cast)
    {
        if (cast.AtTimeZone is not null || cast.IsArray)
            throw new NotSupportedException("AT TIME ZONE, ARRAY");
        text.Append("cast(");
        ExpressionPrinter.Print(text, cast.Operand);
        DataTypeNode type = cast.Type;
        text.Append(" as ").Append(type.Kind == DataTypeKind.BigInt
            ? type.IsUnsigned ? "unsigned" : "signed"
            : type.IsNational ? "nchar" : type.Kind.ToString().ToLowerInvariant());
        if (type.Length is { } length)
        {
            text.Append('(').Append(length.ToString(CultureInfo.InvariantCulture));
            if (type.Scale is { } scale)
                text.Append(',').Append(scale.ToString(CultureInfo.InvariantCulture));
            text.Append(')');
        }

        if (type is { IsNational: false, CharacterSet: { } characterSet })
            text.Append(" charset ").Append(characterSet);
        text.Append(type.HasBinaryAttribute ? " binary)" : ")");
    }

    private static void Case(SqlText text, CaseNode @case)
    {
        text.Append("(case ");
        if (@case.Operand is { } operand)
        {
            ExpressionPrinter.Print(text, operand);
            text.Append(' ');
        }

        foreach (CaseBranch branch in @case.Branches)
        {
            text.Append("when ");
            ExpressionPrinter.Print(text, branch.Condition);
            text.Append(" then ");
            ExpressionPrinter.Print(text, branch.Result);
            text.Append(' ');
        }

        if (@case.Otherwise is { } otherwise)
        {
            text.Append("else ");
            ExpressionPrinter.Print(text, otherwise);
            text.Append(' ');
        }

        text.Append("end)");
    }
}
