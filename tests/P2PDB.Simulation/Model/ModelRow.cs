using P2PDB.Engine.Storage;

namespace P2PDB.Simulation.Model;

/// <summary>A row of the reference model: stamps are places in the total order.</summary>
internal sealed class ModelRow
{
    public bool IsDead { get; set; }

    public bool IsHidden { get; set; }

    public bool IsAppended { get; set; }

    public bool IsMisplaced { get; set; }

    public int Existence { get; set; } = -1;

    public int Base { get; set; } = -1;

    public SortedDictionary<ColumnId, ModelValue> Values { get; } = [];

    public string Line(bool isTableAlive, Func<int, string> name) =>
        $"{(IsAppended ? "appended" : "")}{(IsDead ? "dead" : "")}{(isTableAlive && IsHidden ? "hidden" : "")}{(isTableAlive && IsMisplaced ? "misplaced" : "")}"
        + $" {name(Existence)} {name(Base)} "
        + string.Join(' ', Values.Values.Select(value => $"{value.Text()}@{name(value.Stamp)}"));
}
