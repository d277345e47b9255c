using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A column that a constraint names: of the table that a foreign key references, or one that a check reads.</summary>
/// <param name="Id">Its identity; what the name derives where the table was not there yet.</param>
/// <param name="Name">Its name when the constraint was made.</param>
internal readonly record struct ReferencedColumn(ColumnId Id, string Name);
