using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>The columns that a caller gives a row, and the values of the row at hand: what parameters are to an INSERT.</summary>
internal sealed class GivenValues(int[] ordinals)
{
    /// <summary>The columns given, ascending.</summary>
    public int[] Ordinals => ordinals;

    /// <summary>The values, by ordinal; those of columns that are not given mean nothing.</summary>
    public ParameterSet Values { get; set; } = new();

    /// <summary>A value in a scratch vector, to be given back.</summary>
    public ColumnVector Rent(EvaluationContext evaluation, int ordinal)
    {
        SqlValue value = ParameterValues.Read(Values, ordinal);
        ColumnVector vector = evaluation.Rent(value.Type);
        value.CopyTo(vector, 0);
        return vector;
    }
}
