using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Keys of the catalog's tree: database id, u8 1, table id. The value is the table's registers (replicated, part of the state
/// digest). Where a table's rows lie on this node is in <see cref="TablePoint"/>.
/// </summary>
internal static class CatalogKey
{
    /// <summary>Length of a key about a table, bytes.</summary>
    public const int TableKeyLength = Hash256.Length + 1 + TableId.Length;

    private const byte StateKind = 1;

    /// <summary>The key of a table's registers.</summary>
    public static void WriteTable(Span<byte> target, in Hash256 database, TableId table)
    {
        database.CopyTo(target);
        target[Hash256.Length] = StateKind;
        table.CopyTo(target[(Hash256.Length + 1)..]);
    }
}
