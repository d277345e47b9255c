using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>Which changes of a column's type MODIFY may make: those under which every stored value keeps its meaning.</summary>
internal static class ColumnChange
{
    /// <summary>
    /// True where every value of the old type is read unchanged as one of the new type; for a key column also where its keys
    /// stay as they are encoded.
    /// </summary>
    public static bool IsSupported(ColumnSchema column, SqlType newType)
    {
        SqlType oldType = column.Type;
        if (!LayoutFactory.IsReadableAs(LayoutFactory.FormOf(column.Id, oldType), newType))
            return false;
        if (column.IsInPrimaryKey && !CatalogIds.HaveSameKeyForm(oldType, newType))
            return false;

        // Forms that are alike but for the kind: a DATETIME is not a TIMESTAMP, an ENUM is not a SMALLINT.
        bool isSameKind = oldType.Kind == newType.Kind || (oldType.IsInteger && newType.IsInteger)
            || (oldType.IsText && newType.IsText) || (oldType.IsBinaryString && newType.IsBinaryString)
            || (oldType.Physical == PhysicalKind.Double && newType.Physical == PhysicalKind.Double);
        return isSameKind && oldType.Scale <= newType.Scale && HoldsMembers(oldType.Members, newType.Members)
            && (!oldType.IsString || oldType.Length <= newType.Length);
    }

    /// <summary>Values of ENUM and SET are numbers: old members keep theirs where new ones are only added at the end.</summary>
    private static bool HoldsMembers(MemberList? old, MemberList? now)
    {
        if (old is null || now is null)
            return old is null && now is null;
        if (old.Count > now.Count)
            return false;
        for (int i = 0; i < old.Count; i++)
        {
            if (!old[i].SequenceEqual(now[i]))
                return false;
        }

        return true;
    }
}
