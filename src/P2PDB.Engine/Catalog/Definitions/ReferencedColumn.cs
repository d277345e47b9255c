using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A column that a foreign key references.</summary>
/// <param name="Id">Its identity; what the name derives where the table was not there yet.</param>
/// <param name="Name">Its name when the key was made.</param>
internal readonly record struct ReferencedColumn(ColumnId Id, string Name);
