using System.Buffers.Text;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>The numbers behind LIMIT and OFFSET, which may be parameters.</summary>
internal static class LimitValue
{
    /// <summary>The value, or <paramref name="absent"/> where there is no expression.</summary>
    public static ulong Evaluate(StatementContext context, Expression? expression, ulong absent)
    {
        if (expression is null)
            return absent;
        SqlValue value = context.Evaluation.EvaluateConstant(expression);
        // Clients that know no types send their numbers as text.
        if (value.Type.IsString && !value.IsNull
            && Utf8Parser.TryParse(value.Bytes.Span, out ulong number, out int consumed) && consumed == value.Bytes.Length)
        {
            return number;
        }

        if (value.IsNull || value.Type.Physical != PhysicalKind.Int64 || (value.Int64 < 0 && !value.Type.IsUnsigned))
            throw SqlErrors.WrongArguments("LIMIT").ToException();
        return (ulong)value.Int64;
    }
}
