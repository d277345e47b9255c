// ROWS THAT STAY
//
// A row of a table with the policy "append" is not a set of registers but one value that nothing changes or ends:
//
//   APPEND at s   the row is as it says, and stays; of several appends of one key the first counts
//   other operations on a row that was ever appended count for nothing, whichever is earlier, TRUNCATE and DROP TABLE among them
//
// So the row is the earliest append in the set of operations if there is one, and else what the registers say (RowMerge): no
// order of arrival matters. What an operation is was said by its author, so neither does it matter when a table got the policy.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Merges an append into a row record; see the prose above. Reusable; used by one thread.</summary>
internal sealed class AppendMerge(RowMerge merge)
{
    private static readonly List<CellMark> NoMarks = [];

    private readonly RowStamps _old = new();

    /// <summary>Merges an append, otherwise as <see cref="RowMerge.TryInsert"/>.</summary>
    public bool TryAppend(
        RowLayouts layouts, ChainDirectory order, ReadOnlySpan<byte> record, in Stamp stamp, StoredLayout layout,
        ReadOnlySpan<byte> image, ByteWriter target)
    {
        if (StoredRow.IsAppendedRecord(record))
        {
            StoredRow old = StoredRow.Read(record);
            _old.Load(old, layouts[old.LayoutNumber].Columns.Length, order);
            if (order.Compare(_old.Base, stamp) <= 0)
                return false;
        }

        merge.TryInsert(layouts, order, default, stamp, layout, image, NoMarks, target);
        target.WrittenSpan[0] |= StoredRow.AppendedFlag;
        return true;
    }
}
