using System.Collections.Immutable;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>A list of columns that row records of a table were stored with: the columns that the rows have values for.</summary>
/// <param name="Number">This node's number of the layout within the table.</param>
/// <param name="Columns">Which columns, in the order of the image, and in what form.</param>
/// <param name="Layout">How to read the image.</param>
internal sealed record StoredLayout(int Number, ImmutableArray<StoredColumn> Columns, RowLayout Layout)
{
    /// <summary>The place of a column; -1 where it is not among them.</summary>
    public int PositionOf(ColumnId column)
    {
        for (int i = 0; i < Columns.Length; i++)
        {
            if (Columns[i].Id == column)
                return i;
        }

        return -1;
    }
}
