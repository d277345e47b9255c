using System.Buffers.Binary;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// The order of values by which a greatest and a least are found: NULL, then numbers (exact ones before floating ones), dates,
/// times, strings, JSON. One order over all forms, since peers who alter a type apart write several into one lane; what
/// decides between two forms matters little, that all nodes decide alike does.
/// </summary>
internal static class ValueOrder
{
    /// <summary>Below, equal or above zero; strings by <paramref name="collation"/>, or by their bytes where it is null.</summary>
    public static int Compare(in CellValue left, in CellValue right, Collation? collation)
    {
        if (left.IsNull || right.IsNull)
            return right.IsNull.CompareTo(left.IsNull);
        int family = FamilyOf(left.Form.Code);
        int byFamily = family.CompareTo(FamilyOf(right.Form.Code));
        if (byFamily != 0)
            return byFamily;
        return left.Form.Code switch
        {
            StorageCode.F32 or StorageCode.F64 => DoubleOf(left).CompareTo(DoubleOf(right)),
            StorageCode.Date4 => Int32Of(left).CompareTo(Int32Of(right)),
            StorageCode.Time8 or StorageCode.DateTime8 => Int64Of(left).CompareTo(Int64Of(right)),
            StorageCode.Bytes when collation is not null => collation.Compare(left.Bytes, right.Bytes),
            StorageCode.Bytes or StorageCode.Json => left.Bytes.SequenceCompareTo(right.Bytes),
            _ => ExactNumber.Read(left.Form, left.Bytes).CompareTo(ExactNumber.Read(right.Form, right.Bytes)),
        };
    }

    /// <summary>True where a policy lets one author's value take the place of another that the author knows.</summary>
    public static bool Replaces(MergePolicy policy, in CellValue value, in CellValue held, Collation? collation) => policy switch
    {
        MergePolicy.FirstWriter => held.IsNull,
        MergePolicy.Max => Compare(value, held, collation) > 0,
        MergePolicy.Min => held.IsNull || (!value.IsNull && Compare(value, held, collation) < 0),
        _ => true,
    };

    /// <summary>True where values of two forms have an order of their own, not one made up to have any.</summary>
    public static bool AreComparable(StorageCode left, StorageCode right) => FamilyOf(left) == FamilyOf(right);

    private static int FamilyOf(StorageCode code) => ExactNumber.IsFormOf(code) ? 0 : code switch
    {
        StorageCode.F32 or StorageCode.F64 => 1,
        StorageCode.Date4 => 2,
        StorageCode.Time8 => 3,
        StorageCode.DateTime8 => 4,
        StorageCode.Bytes => 5,
        _ => 6,
    };

    private static double DoubleOf(in CellValue value) => value.Layout.GetDouble(value.Image, 0);

    private static int Int32Of(in CellValue value) => BinaryPrimitives.ReadInt32LittleEndian(value.Bytes);

    private static long Int64Of(in CellValue value) => BinaryPrimitives.ReadInt64LittleEndian(value.Bytes);
}
