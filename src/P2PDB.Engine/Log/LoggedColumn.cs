using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

/// <summary>One column of an entry's table directory: how the values of that column are stored in its row images.</summary>
/// <param name="Id">The column.</param>
/// <param name="StorageCode">Width and kind of the stored value, as row images define it.</param>
/// <param name="Scale">Digits after the decimal point, or of a second.</param>
internal readonly record struct LoggedColumn(ColumnId Id, byte StorageCode, byte Scale);
