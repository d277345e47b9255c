namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>What one ALTER TABLE operation changes. The numbers are part of the format.</summary>
internal enum AlterAction : byte
{
    /// <summary>A new column: a column definition.</summary>
    AddColumn = 1,

    /// <summary>The end of a column: its id.</summary>
    DropColumn = 2,

    /// <summary>Another name for a column: id, name.</summary>
    RenameColumn = 3,

    /// <summary>Another shape for a column: id, shape.</summary>
    ModifyColumn = 4,

    /// <summary>Another place for a column: id, position.</summary>
    MoveColumn = 5,

    /// <summary>AUTO_INCREMENT = n: the number.</summary>
    SetAutoIncrement = 6,

    /// <summary>Other options: all of them.</summary>
    SetOptions = 7,
}
