using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>One ALTER TABLE operation; which members mean something follows from the action.</summary>
internal sealed record Alteration(TableId Table, AlterAction Action)
{
    /// <summary>The column of a drop, rename, modify or move.</summary>
    public ColumnId Column { get; init; }

    /// <summary>The column of an add.</summary>
    public ColumnDefinition? Added { get; init; }

    /// <summary>The new name of a rename.</summary>
    public string Name { get; init; } = "";

    /// <summary>The new shape of a modify.</summary>
    public ColumnShape? Shape { get; init; }

    /// <summary>The new position of a move, or the start of the counter.</summary>
    public ulong Number { get; init; }

    /// <summary>The new options.</summary>
    public TableOptions? Options { get; init; }
}
