using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>Computes one row of a function from its arguments' vectors; writes a value or NULL to the result's row.</summary>
internal delegate void RowKernel(EvaluationContext context, ReadOnlySpan<ColumnVector> arguments, int row, ColumnVector result);
