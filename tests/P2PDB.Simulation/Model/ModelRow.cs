using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Storage;

namespace P2PDB.Simulation.Model;

/// <summary>A row of the reference model: stamps are places in the total order.</summary>
internal sealed class ModelRow
{
    public bool IsDead { get; set; }

    public bool IsHidden { get; set; }

    public bool IsAppended { get; set; }

    public bool IsMisplaced { get; set; }

    /// <summary>It lives and a foreign key hides it, or it is dead and a foreign key shows it.</summary>
    public bool IsOverruled { get; set; }

    public bool IsLive => !IsDead && !IsMisplaced;

    public int Existence { get; set; } = -1;

    public int Base { get; set; } = -1;

    /// <summary>The latest plain writes.</summary>
    public SortedDictionary<ColumnId, ModelValue> Plain { get; } = [];

    /// <summary>What authors wrote to columns that merge by a policy.</summary>
    public SortedDictionary<ColumnId, ModelCell> Cells { get; } = [];

    /// <summary>What the columns show.</summary>
    public SortedDictionary<ColumnId, ModelValue> Values { get; } = [];

    public void Show()
    {
        foreach ((ColumnId column, ModelValue value) in Plain)
            Values[column] = value;
        foreach ((ColumnId column, ModelCell cell) in Cells)
            Values[column] = cell.Shown();
    }

    public string Line(bool isTableAlive, Func<int, string> name) =>
        $"{(IsAppended ? "appended" : "")}{(IsDead ? "dead" : "")}{(isTableAlive && IsHidden ? "hidden" : "")}{(isTableAlive && IsMisplaced ? "misplaced" : "")}"
        + (isTableAlive && IsOverruled ? "overruled" : "")
        + $" {name(Existence)} {name(Base)} "
        + string.Join(' ', Values.Values.Select(value => $"{value.Text()}@{name(value.Stamp)}"))
        + string.Concat(Registers(name).Order(StringComparer.Ordinal).Select(text => $" [{text}]"));

    /// <summary>All words; and a plain write where it is later than all of a cell's, so that TRUNCATE may leave it alone.</summary>
    private IEnumerable<string> Registers(Func<int, string> name)
    {
        foreach ((ColumnId column, ModelCell cell) in Cells)
        {
            foreach (ModelWord word in cell.Words)
                yield return word.Text(name);
            if (Plain.TryGetValue(column, out ModelValue? plain) && cell.Words.All(word => word.Stamp < plain.Stamp))
                yield return ModelWord.Text(RegisterKind.Plain, Lane.Plain, plain.Form, plain.Text(), "0.0", default, [], null, [], null, name(plain.Stamp));
        }
    }
}
