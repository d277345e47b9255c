using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Keys of the catalog's tree: database id, u8 kind, table id. Kind 1: the table's registers (replicated, part of the state
/// digest). Kind 2: where its rows lie on this node (u64 tree).
/// </summary>
internal static class CatalogKey
{
    /// <summary>Length of a key about a table, bytes.</summary>
    public const int TableKeyLength = Hash256.Length + 1 + TableId.Length;

    /// <summary>Length of the prefix that all keys of one kind in one database share, bytes.</summary>
    public const int KindKeyLength = Hash256.Length + 1;

    private const byte StateKind = 1;
    private const byte PlaceKind = 2;

    /// <summary>The key of a table's registers.</summary>
    public static void WriteTable(Span<byte> target, in Hash256 database, TableId table) =>
        Write(target, database, StateKind, table);

    /// <summary>The key of a table's place.</summary>
    public static void WritePlace(Span<byte> target, in Hash256 database, TableId table) =>
        Write(target, database, PlaceKind, table);

    private static void Write(Span<byte> target, in Hash256 database, byte kind, TableId table)
    {
        database.CopyTo(target);
        target[Hash256.Length] = kind;
        table.CopyTo(target[KindKeyLength..]);
    }
}
