using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Expressions.Json;

/// <summary>Comparisons where one side at least is JSON: the other becomes a JSON scalar.</summary>
internal static class JsonComparison
{
    public static int Compare(ColumnVector left, ColumnVector right, int row) => ItemOf(left, row).CompareTo(ItemOf(right, row));

    private static JsonItem ItemOf(ColumnVector vector, int row)
    {
        if (vector.Type.Kind == SqlTypeKind.Json)
            return JsonConversion.Parse(vector.GetBytes(row));
        return vector.Physical switch
        {
            PhysicalKind.Int64 => JsonItem.FromInt64(vector.GetInt64(row), vector.Type.IsUnsigned),
            PhysicalKind.Double => JsonItem.FromDouble(vector.GetDouble(row)),
            PhysicalKind.Decimal => JsonItem.FromDecimal(vector.GetDecimal(row)),
            _ => JsonItem.FromText(vector.GetBytes(row)),
        };
    }
}
