using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Merging.Texts;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>How an operation's write of one column merges, where not as a plain one.</summary>
internal sealed record CellMark
{
    /// <summary>Place of the column in the entry's directory.</summary>
    public required int Position { get; init; }

    /// <summary>The column, in the form that the directory names.</summary>
    public required StoredColumn Column { get; init; }

    /// <summary>The lane that the write belongs to.</summary>
    public required Lane Lane { get; init; }

    /// <summary>True where the operation's image has a value of the column.</summary>
    public required bool HasValue { get; init; }

    /// <summary>MySQL's number of the collation by which strings are compared; 0 where nothing is.</summary>
    public int Collation { get; init; }

    /// <summary>Digits of a counter's decimals; 0 for integers.</summary>
    public int Digits { get; init; }

    /// <summary>The sum of the author's deltas in the lane, this one included; null where the write is none.</summary>
    public ExactNumber? Total { get; init; }

    /// <summary>Of a counter with rights: what the author did in all, this write included. Its value counts for nothing then.</summary>
    public CounterRights? Rights { get; init; }

    /// <summary>What a counter's base has in it, a value of several takes the place of, or the writer of a set knows; in order of authors.</summary>
    public ImmutableArray<SeenTotal> Seen { get; init; } = [];

    /// <summary>Of a set: whose addings of the value's members stand, for each different member in the value's order.</summary>
    public ImmutableArray<ImmutableArray<MemberDot>> Dots { get; init; } = [];

    /// <summary>Of a text: what the author did to it in all, this write included.</summary>
    public TextEdits? Edits { get; init; }

    /// <summary>Of a text: what is left of what the author inserted; null where that is the value itself. With it, a value counts for nothing.</summary>
    public byte[]? Text { get; init; }
}
