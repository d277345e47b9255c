namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>The kinds of definition operations, under the numbers that they have in a log entry.</summary>
internal enum DefinitionKind : byte
{
    /// <summary>A table and its columns.</summary>
    CreateTable = 17,

    /// <summary>One change of a table's definition.</summary>
    AlterTable = 18,

    /// <summary>The end of a table.</summary>
    DropTable = 19,

    /// <summary>An index of a table.</summary>
    CreateIndex = 20,

    /// <summary>The end of an index.</summary>
    DropIndex = 21,

    /// <summary>Another name for a table.</summary>
    RenameTable = 22,

    /// <summary>The end of all rows of a table.</summary>
    Truncate = 23,

    /// <summary>A view, or another definition of it.</summary>
    CreateView = 24,

    /// <summary>A foreign key of a table.</summary>
    CreateForeignKey = 25,

    /// <summary>The end of a foreign key.</summary>
    DropForeignKey = 26,
}
