using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>Brings both sides of an equality to one type whose keys are equal exactly when the values are.</summary>
internal static class JoinKey
{
    /// <summary>Converts both; false where no such type exists and the comparison itself must decide.</summary>
    public static bool TryAlign(ref Expression left, ref Expression right)
    {
        switch (ComparisonTyping.Align(ref left, ref right, out Collation collation))
        {
            case ComparisonForm.Signed or ComparisonForm.Unsigned:
                return true;
            case ComparisonForm.LeftUnsigned or ComparisonForm.RightUnsigned:
                left = new CastExpression(left, SqlType.Decimal(20, 0));
                right = new CastExpression(right, SqlType.Decimal(20, 0));
                return true;
            case ComparisonForm.Double:
                return true;
            case ComparisonForm.Decimal:
                int scale = Math.Max(left.Type.Scale, right.Type.Scale);
                int whole = Math.Max(left.Type.Precision - left.Type.Scale, right.Type.Precision - right.Type.Scale);
                if (whole + scale > SqlDecimal.PrecisionMax)
                    return false;
                left = new CastExpression(left, SqlType.Decimal(whole + scale, scale));
                right = new CastExpression(right, SqlType.Decimal(whole + scale, scale));
                return true;
            case ComparisonForm.Text:
                left = WithCollation(left, collation);
                right = WithCollation(right, collation);
                return true;
            default:
                return false;
        }
    }

    private static Expression WithCollation(Expression operand, Collation collation) =>
        ReferenceEquals(operand.Type.Collation, collation) ? operand : new CollateExpression(operand, collation);
}
