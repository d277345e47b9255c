// RECOVERY POINT v2: what a store keeps for the databases beside their trees (docs/formats/recovery-point.md). Integers are
// little-endian, numbers without a width are varints.
//
//   u8 2, next tree, count, databases, ascending by id:
//   database  32 id, u64 followed at,
//             count, chains {32 first entry, 32 last entry, entries},
//             count, entries without effect {chain, index},
//             u8 1 and 32 kinds that the writer knew, where an entry has others; else u8 0; v1 has neither,
//             count, tables, ascending by id
//   table     16 id, row tree, stamp {u64 hlc, chain, op}, largest AUTO_INCREMENT,
//             count, layouts {count, columns {u64 id, u8 code, u8 scale}},
//             count, indexes, ascending by name {text name, tree or 0, bytes form}
using System.Collections.Immutable;
using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Commit;

/// <summary>
/// The state of a node's databases at a checkpoint of their store, but for what the store's trees hold: recovery goes on from
/// there with the entries that the logs have beyond it.
/// </summary>
/// <param name="NextTree">The first number that no tree has or had.</param>
/// <param name="Databases">The databases.</param>
internal sealed record RecoveryPoint(ulong NextTree, IReadOnlyList<DatabasePoint> Databases)
{
    private const byte Version = 2;
    private const int ChainLengthMin = 65;
    private const int TableLengthMin = 32;

    /// <summary>Reads a point; false where the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecoveryPoint point)
    {
        point = null!;
        var reader = new ByteReader(bytes);
        if (!reader.TryReadByte(out byte version) || version is 0 or > Version || !reader.TryReadVarint(out ulong nextTree)
            || !TryReadCount(ref reader, 1, out int count))
        {
            return false;
        }

        List<DatabasePoint> databases = [];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadDatabase(ref reader, version, out DatabasePoint database)
                || (i > 0 && database.Id.CompareTo(databases[^1].Id) <= 0))
            {
                return false;
            }

            databases.Add(database);
        }

        point = new RecoveryPoint(nextTree, databases);
        return reader.IsAtEnd;
    }

    /// <summary>The point as bytes.</summary>
    public byte[] ToBytes()
    {
        using ByteWriter target = new();
        target.WriteByte(Version);
        target.WriteVarint(NextTree);
        target.WriteVarint((ulong)Databases.Count);
        foreach (DatabasePoint database in Databases)
            Write(target, database);
        return target.Written.ToArray();
    }

    private static void Write(ByteWriter target, DatabasePoint database)
    {
        target.Write(database.Id.Hash.AsSpan());
        target.WriteUInt64((ulong)database.Log.FollowedAt);
        target.WriteVarint((ulong)database.Log.Chains.Count);
        foreach (ChainMark chain in database.Log.Chains)
        {
            target.Write(chain.First.Hash.AsSpan());
            target.Write(chain.Last.Hash.AsSpan());
            target.WriteVarint((ulong)chain.Count);
        }

        target.WriteVarint((ulong)database.Log.Void.Count);
        foreach (EntryPosition position in database.Log.Void)
        {
            target.WriteVarint((ulong)position.Chain);
            target.WriteVarint((ulong)position.Index);
        }

        target.WriteByte((byte)(database.Log.KnownKinds.IsEmpty ? 0 : 1));
        target.Write(database.Log.KnownKinds.AsSpan());
        target.WriteVarint((ulong)database.Tables.Count);
        foreach (TablePoint table in database.Tables)
            Write(target, table);
    }

    private static void Write(ByteWriter target, TablePoint table)
    {
        table.Id.CopyTo(target.GetSpan(TableId.Length));
        target.Advance(TableId.Length);
        target.WriteVarint(table.RowTree.Value);
        target.WriteUInt64(table.Newest.Hlc.Value);
        target.WriteVarint((ulong)table.Newest.Chain);
        target.WriteVarint(table.Newest.Op);
        target.WriteVarint(table.LargestKey);
        target.WriteVarint((ulong)table.Layouts.Count);
        foreach (StoredColumn[] layout in table.Layouts)
        {
            target.WriteVarint((ulong)layout.Length);
            foreach (StoredColumn column in layout)
            {
                target.WriteUInt64(column.Id.Value);
                target.WriteByte((byte)column.Code);
                target.WriteByte(column.Scale);
            }
        }

        target.WriteVarint((ulong)table.Indexes.Count);
        foreach (IndexPoint index in table.Indexes)
        {
            DefinitionWriter.WriteText(target, index.Name);
            target.WriteVarint(index.Tree.Value);
            DefinitionWriter.WriteBytes(target, index.Form);
        }
    }

    private static bool TryReadDatabase(ref ByteReader reader, byte version, out DatabasePoint database)
    {
        database = null!;
        if (!TryReadId(ref reader, out EntryId id) || !reader.TryReadUInt64(out ulong followedAt)
            || !TryReadChains(ref reader, out List<ChainMark> chains) || !TryReadVoid(ref reader, chains, out List<EntryPosition> without)
            || !TryReadKinds(ref reader, version, out ImmutableArray<byte> kinds) || !TryReadCount(ref reader, TableLengthMin, out int count))
        {
            return false;
        }

        List<TablePoint> tables = [];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadTable(ref reader, chains.Count, out TablePoint table) || (i > 0 && table.Id.CompareTo(tables[^1].Id) <= 0))
                return false;
            tables.Add(table);
        }

        database = new DatabasePoint(new DatabaseId(id.Hash), new LogMark((long)followedAt, chains, without, kinds), tables);
        return true;
    }

    private static bool TryReadChains(ref ByteReader reader, out List<ChainMark> chains)
    {
        chains = [];
        if (!TryReadCount(ref reader, ChainLengthMin, out int count))
            return false;
        var firsts = new HashSet<EntryId>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadId(ref reader, out EntryId first) || !TryReadId(ref reader, out EntryId last)
                || !reader.TryReadVarint(int.MaxValue, out int entries) || entries == 0 || !firsts.Add(first))
            {
                return false;
            }

            chains.Add(new ChainMark(first, last, entries));
        }

        return true;
    }

    private static bool TryReadVoid(ref ByteReader reader, List<ChainMark> chains, out List<EntryPosition> without)
    {
        without = [];
        if (!TryReadCount(ref reader, 2, out int count) || (count > 0 && chains.Count == 0))
            return false;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadVarint(chains.Count - 1, out int chain) || !reader.TryReadVarint(chains[chain].Count - 1, out int index))
                return false;
            without.Add(new EntryPosition(chain, index));
        }

        return true;
    }

    private static bool TryReadKinds(ref ByteReader reader, byte version, out ImmutableArray<byte> kinds)
    {
        if (version == 1)
        {
            // It does not say, so nothing may be gone on with: no version knows no kinds.
            kinds = [.. new byte[OpKinds.SetLength]];
            return true;
        }

        kinds = [];
        if (!reader.TryReadByte(out byte isThere) || isThere > 1)
            return false;
        if (isThere == 0)
            return true;
        bool isRead = reader.TryReadBytes(OpKinds.SetLength, out ReadOnlySpan<byte> bytes);
        kinds = [.. bytes];
        return isRead;
    }

    private static bool TryReadTable(ref ByteReader reader, int chainCount, out TablePoint table)
    {
        table = null!;
        if (!reader.TryReadBytes(TableId.Length, out ReadOnlySpan<byte> id) || !reader.TryReadVarint(out ulong rowTree) || rowTree == 0
            || !reader.TryReadUInt64(out ulong hlc) || !reader.TryReadVarint(int.MaxValue, out int chain) || (chain > 0 && chain >= chainCount)
            || !reader.TryReadVarint(out ulong op) || op > uint.MaxValue || !reader.TryReadVarint(out ulong largestKey)
            || !TryReadCount(ref reader, 1, out int layoutCount))
        {
            return false;
        }

        List<StoredColumn[]> layouts = [];
        for (int i = 0; i < layoutCount; i++)
        {
            if (!TryReadLayout(ref reader, out StoredColumn[] layout))
                return false;
            layouts.Add(layout);
        }

        if (!TryReadIndexes(ref reader, out List<IndexPoint> indexes))
            return false;
        table = new TablePoint(
            TableId.Read(id), new TreeId(rowTree), new Stamp(new HlcTimestamp(hlc), chain, (uint)op), largestKey, layouts, indexes);
        return true;
    }

    private static bool TryReadLayout(ref ByteReader reader, out StoredColumn[] layout)
    {
        layout = [];
        if (!TryReadCount(ref reader, 10, out int count))
            return false;
        layout = new StoredColumn[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt64(out ulong column) || !reader.TryReadByte(out byte code) || !RowLayout.IsKnown((StorageCode)code)
                || !reader.TryReadByte(out byte scale))
            {
                return false;
            }

            layout[i] = new StoredColumn(new ColumnId(column), (StorageCode)code, scale);
        }

        return true;
    }

    private static bool TryReadIndexes(ref ByteReader reader, out List<IndexPoint> indexes)
    {
        indexes = [];
        if (!TryReadCount(ref reader, 3, out int count))
            return false;
        for (int i = 0; i < count; i++)
        {
            if (!DefinitionReader.TryReadText(ref reader, out string name)
                || (i > 0 && string.CompareOrdinal(name, indexes[^1].Name) <= 0)
                || !reader.TryReadVarint(out ulong tree) || !DefinitionReader.TryReadBytes(ref reader, out byte[] form))
            {
                return false;
            }

            indexes.Add(new IndexPoint(name, new TreeId(tree), form));
        }

        return true;
    }

    private static bool TryReadId(ref ByteReader reader, out EntryId id)
    {
        bool isRead = reader.TryReadBytes(EntryFormat.HashLength, out ReadOnlySpan<byte> bytes);
        id = isRead ? EntryId.Read(bytes) : default;
        return isRead;
    }

    // No room for more than the bytes can hold.
    private static bool TryReadCount(ref ByteReader reader, int lengthMin, out int count) =>
        reader.TryReadVarint(int.MaxValue, out count) && count <= reader.Remaining / lengthMin;
}
