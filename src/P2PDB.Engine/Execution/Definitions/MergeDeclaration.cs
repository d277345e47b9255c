using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Looks at what a statement says about merging before it is logged.</summary>
internal static class MergeDeclaration
{
    /// <summary>Error 3980 for an attribute that a column cannot have, 1235 for a policy that is still to come.</summary>
    public static void CheckColumn(string name, string attribute, SqlType type, bool isKey)
    {
        if (!MergeAttribute.TryReadColumn(attribute, type, out MergeAttribute read, out string reason, out int position))
            throw MergeErrors.InvalidAttribute(reason, position, attribute).ToException();
        if (isKey && read.Policy is not null)
            throw MergeErrors.InvalidAttribute($"column '{name}' is in the primary key, which does not merge", 0, attribute).ToException();
        CheckMerged(read);
    }

    /// <summary>The same for a table.</summary>
    public static void CheckTable(string attribute)
    {
        if (!MergeAttribute.TryReadTable(attribute, out MergeAttribute read, out string reason, out int position))
            throw MergeErrors.InvalidAttribute(reason, position, attribute).ToException();
        CheckMerged(read);
    }

    private static void CheckMerged(MergeAttribute attribute)
    {
        if (!attribute.IsMerged)
            throw SqlErrors.NotSupportedYet($"merge policy '{attribute.Name}'").ToException();
    }
}
