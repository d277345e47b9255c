using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>The values of a parameter set as expressions take them.</summary>
internal static class ParameterValues
{
    /// <summary>One value; bytes are borrowed from the set until that is reset.</summary>
    public static SqlValue Read(ParameterSet parameters, int index)
    {
        switch (parameters.GetKind(index))
        {
            case ParameterKind.SignedInteger: return SqlValue.FromInt64(parameters.GetInt64(index));
            case ParameterKind.UnsignedInteger: return SqlValue.FromUInt64((ulong)parameters.GetInt64(index));
            case ParameterKind.FloatingPoint: return SqlValue.FromDouble(parameters.GetDouble(index));
            case ParameterKind.ExactNumber:
                SqlDecimal.TryParse(parameters.GetBytes(index), out SqlDecimal value, out _);
                return SqlValue.FromDecimal(value);
            case ParameterKind.Text: return SqlValue.FromBytes(SqlType.VarChar(255), parameters.GetMemory(index));
            case ParameterKind.Binary: return SqlValue.FromBytes(SqlType.VarBinary(255), parameters.GetMemory(index));
            case ParameterKind.Date: return SqlValue.FromInt64(SqlType.Date, parameters.GetInt64(index));
            case ParameterKind.DateTime: return SqlValue.FromInt64(SqlType.DateTime(6), parameters.GetInt64(index));
            case ParameterKind.Time: return SqlValue.FromInt64(SqlType.Time(6), parameters.GetInt64(index));
            default: return SqlValue.Null;
        }
    }
}
