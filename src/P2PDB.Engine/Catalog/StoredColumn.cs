using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>One column of a stored layout.</summary>
/// <param name="Id">The column.</param>
/// <param name="Code">Form of the value in the image.</param>
/// <param name="Scale">Digits after the point, of decimals.</param>
internal readonly record struct StoredColumn(ColumnId Id, StorageCode Code, byte Scale);
