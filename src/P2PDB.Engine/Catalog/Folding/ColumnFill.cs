using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>What rows written without a column show, in the form that the column had when it was added.</summary>
/// <param name="Code">Form of the value.</param>
/// <param name="Scale">Digits after the point, of decimals.</param>
/// <param name="Image">Row image of the one column.</param>
internal sealed record ColumnFill(StorageCode Code, byte Scale, byte[] Image);
