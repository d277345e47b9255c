using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply;

/// <summary>
/// What is known of a table beside its trees and registers: enough to go on with trees that were kept. Chain numbers in it are
/// those of the log at that time.
/// </summary>
/// <param name="Id">The table.</param>
/// <param name="RowTree">Where its rows lie.</param>
/// <param name="Newest">As <see cref="AppliedTable.Newest"/>.</param>
/// <param name="LargestKey">As <see cref="AutoIncrementCounter.Largest"/>.</param>
/// <param name="Layouts">The layouts of its records, by number.</param>
/// <param name="Indexes">Its indexes.</param>
internal sealed record TablePoint(
    TableId Id, TreeId RowTree, Stamp Newest, ulong LargestKey, IReadOnlyList<StoredColumn[]> Layouts, IReadOnlyList<IndexPoint> Indexes)
{
    /// <summary>What is known of a table now.</summary>
    public static TablePoint Of(AppliedTable table)
    {
        TablePlace place = table.Place;
        var layouts = new StoredColumn[place.Layouts.Count][];
        for (int number = 0; number < layouts.Length; number++)
            layouts[number] = [.. place.Layouts[number].Columns];
        List<IndexPoint> indexes = [];
        foreach ((string name, byte[] form) in table.BuiltForms)
            indexes.Add(new IndexPoint(name, place.IndexTrees.GetValueOrDefault(name), form));
        indexes.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new TablePoint(table.State.Id, place.RowTree, table.Newest, place.AutoIncrement.Largest, layouts, indexes);
    }

    /// <summary>The table with its registers, as it was; its schema under the name that its registers give.</summary>
    public AppliedTable Restore(TableState state, long commitNumber)
    {
        var place = new TablePlace(RowTree);
        foreach (StoredColumn[] layout in Layouts)
            place.Layouts.Add(layout);
        place.AutoIncrement.Observe(LargestKey);
        var table = new AppliedTable(state, place) { Newest = Newest };
        foreach (IndexPoint index in Indexes)
        {
            table.BuiltForms.Add(index.Name, index.Form);
            if (!index.Tree.IsNone)
                place.IndexTrees.Add(index.Name, index.Tree);
        }

        if (!state.IsAlive || state.IsView)
            return table;
        List<SetAsideName> setAside = [];
        table.SetSchema(SchemaBuilder.BuildTable(state, place, state.Name.Value, commitNumber, setAside));
        table.ColumnsSetAside = setAside;
        return table;
    }
}
