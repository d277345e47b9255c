using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>Converts one value from one type to another as an expression does, not as a column assignment does.</summary>
internal static class Conversion
{
    public static void Convert(EvaluationContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        if (source.IsNull(sourceRow))
            target.SetNull(row);
        else if (source.Physical == target.Physical)
            target.CopyRow(source, sourceRow, row);
    }
}
