using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>Looks at what a statement says about merging before it is logged.</summary>
internal static class MergeDeclaration
{
    /// <summary>Error 3980 for an attribute that a column cannot have.</summary>
    public static void CheckColumn(string name, string attribute, SqlType type, bool isKey)
    {
        if (!MergeAttribute.TryReadColumn(attribute, type, out MergeAttribute read, out string reason, out int position))
            throw MergeErrors.InvalidAttribute(reason, position, attribute).ToException();
        if (isKey && read.Policy is not null)
            throw MergeErrors.InvalidAttribute($"column '{name}' is in the primary key, which does not merge", 0, attribute).ToException();
    }

    /// <summary>The same for a table.</summary>
    public static void CheckTable(string attribute)
    {
        if (!MergeAttribute.TryReadTable(attribute, out _, out string reason, out int position))
            throw MergeErrors.InvalidAttribute(reason, position, attribute).ToException();
    }
}
