using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// An author's last word on a cell: of each author there is one value and one total at most, and of rights one state, but for those
/// who take back what they said. The stamp's parts stand for those of the log, which knows chains.
/// </summary>
internal sealed record CellRegister
{
    /// <summary>What it holds.</summary>
    public required RegisterKind Kind { get; init; }

    /// <summary>Time of the operation.</summary>
    public required HlcTimestamp Hlc { get; init; }

    /// <summary>This node's number of its chain.</summary>
    public required int Chain { get; init; }

    /// <summary>Its index in the entry.</summary>
    public required uint Op { get; init; }

    /// <summary>The lane; the plain one of plain writes.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The form that the operation names for the column.</summary>
    public required StoredColumn Form { get; init; }

    /// <summary>A row image of the one column; of totals and rights none.</summary>
    public byte[] Image { get; init; } = [];

    /// <summary>As in <see cref="CellMark.Collation"/>.</summary>
    public int Collation { get; init; }

    /// <summary>As in <see cref="CellMark.Digits"/>.</summary>
    public int Digits { get; init; }

    /// <summary>Of a total: the sum.</summary>
    public ExactNumber Total { get; init; }

    /// <summary>As in <see cref="CellMark.Rights"/>.</summary>
    public CounterRights? Rights { get; init; }

    /// <summary>As in <see cref="CellMark.Seen"/>.</summary>
    public ImmutableArray<SeenTotal> Seen { get; init; } = [];

    /// <summary>As in <see cref="CellMark.Dots"/>.</summary>
    public ImmutableArray<ImmutableArray<MemberDot>> Dots { get; init; } = [];

    /// <summary>As in <see cref="CellMark.Edits"/>; the value is the text that goes with it.</summary>
    public TextEdits? Edits { get; init; }

    /// <summary>The value, of kinds that have one.</summary>
    public CellValue Value => new(Form, Image);
}
