// STATE DIGEST v1 = BLAKE3 over, integers little-endian:
//   "p2pdb state 1", 32 database id
//   per table that any operation named, in order of ids:
//     u32 length, its registers (TableStateWriter)
//     per row in key order: u8 1, u32 key length, key, u8 flags (1 dead, 64 appended; of a table that SQL sees: 2 hidden, 4 misplaced, 128 overruled),
//       stamp of existence, stamp of the last INSERT, u32 column count, per column in order of ids:
//       {u64 id, u8 code, u8 scale, stamp, u8 1 if NULL, u32 length, bytes as in the row image}
//       where columns merge by a policy, per register, ordered by column, kind, author and stamp:
//       {u8 2, u64 column id, u8 kind, stamp, u8 policy, u64 generation, u8 code, u8 scale, u16 collation, u8 digits, u32 length,
//       row image of the column, exact number, u32 count, per seen total {32 author key, exact number}; of kind 3 rights (CounterRights)}
//     u8 0
// Stamps in full (TableStateWriter), never this node's numbers: equal digests mean equal states on any two nodes.
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Apply;

/// <summary>Hashes all replicated state of one database in a snapshot; reads all of it.</summary>
internal static class StateDigest
{
    /// <summary>Computes the digest; a database that the snapshot does not know has the digest of nothing.</summary>
    public static Hash256 Compute(StoreSnapshot snapshot, DatabaseId database, ChainDirectory chains)
    {
        using ByteWriter buffer = new(64 * 1024);
        Blake3Hasher hasher = new();
        hasher.Update("p2pdb state 1"u8);
        hasher.Update(database.Hash.AsSpan());
        if ((snapshot.Companion as NodeSchema)?.Find(database.Hash) is { } schema)
        {
            RecordBuffer state = new();
            byte[] key = new byte[CatalogKey.TableKeyLength];
            foreach ((TableId table, TablePlace place) in schema.Places)
            {
                CatalogKey.WriteTable(key, database.Hash, table);
                snapshot.TryGet(TreeId.Catalog, key, state);
                buffer.WriteUInt32((uint)state.Length);
                buffer.Write(state.Span);
                HashRows(hasher, buffer, snapshot, chains, place, schema.FindTable(table) is not null);
                buffer.WriteByte(0);
            }
        }

        hasher.Update(buffer.Written);
        return hasher.Finish();
    }

    private static void HashRows(
        Blake3Hasher hasher, ByteWriter buffer, StoreSnapshot snapshot, ChainDirectory chains, TablePlace place,
        bool isSeen)
    {
        const byte Unseen = StoredRow.DeadFlag | StoredRow.AppendedFlag;
        const byte Seen = Unseen | StoredRow.ViewFlags;
        RowStamps stamps = new();
        List<int> order = [];
        using Cursor cursor = snapshot.OpenCursor(place.RowTree);
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
        {
            StoredRow row = StoredRow.Read(cursor.Value);
            StoredLayout layout = place.Layouts[row.LayoutNumber];
            stamps.Load(row, layout.Columns.Length, chains);
            buffer.WriteByte(1);
            buffer.WriteUInt32((uint)cursor.Key.Length);
            buffer.Write(cursor.Key);
            buffer.WriteByte((byte)(row.Flags & (isSeen ? Seen : Unseen)));
            TableStateWriter.WriteStamp(buffer, chains.Expand(stamps.Existence));
            TableStateWriter.WriteStamp(buffer, chains.Expand(stamps.Base));
            WriteColumns(buffer, chains, stamps, layout, row, order);
            if (!row.Registers.IsEmpty)
                WriteRegisters(buffer, chains, layout, row);
            if (buffer.Length < 32 * 1024)
                continue;
            hasher.Update(buffer.Written);
            buffer.Clear();
        }
    }

    private static void WriteColumns(
        ByteWriter buffer, ChainDirectory chains, RowStamps stamps, StoredLayout layout, in StoredRow row, List<int> order)
    {
        order.Clear();
        for (int i = 0; i < layout.Columns.Length; i++)
            order.Add(i);
        order.Sort((left, right) => layout.Columns[left].Id.CompareTo(layout.Columns[right].Id));
        buffer.WriteUInt32((uint)order.Count);
        foreach (int position in order)
        {
            StoredColumn column = layout.Columns[position];
            bool isNull = RowLayout.IsNull(row.Image, position);
            ReadOnlySpan<byte> bytes = layout.Layout.IsVariable(position)
                ? layout.Layout.GetBytes(row.Image, position)
                : layout.Layout.GetFixed(row.Image, position);
            buffer.WriteUInt64(column.Id.Value);
            buffer.WriteByte((byte)column.Code);
            buffer.WriteByte(column.Scale);
            TableStateWriter.WriteStamp(buffer, chains.Expand(stamps.Columns[position]));
            buffer.WriteByte((byte)(isNull ? 1 : 0));
            buffer.WriteUInt32((uint)bytes.Length);
            buffer.Write(bytes);
        }
    }

    private static void WriteRegisters(ByteWriter buffer, ChainDirectory chains, StoredLayout layout, in StoredRow row)
    {
        List<CellRegister> all = CellRegisters.ReadAll(row, layout);
        all.Sort((left, right) => left.Form.Id != right.Form.Id ? left.Form.Id.CompareTo(right.Form.Id)
            : left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind)
            : chains.AuthorOf(left.Chain).CompareTo(chains.AuthorOf(right.Chain)) is var byAuthor and not 0 ? byAuthor
            : chains.Compare(left.Stamp(), right.Stamp()));
        foreach (CellRegister register in all)
        {
            buffer.WriteByte(2);
            buffer.WriteUInt64(register.Form.Id.Value);
            buffer.WriteByte((byte)register.Kind);
            TableStateWriter.WriteStamp(buffer, chains.Expand(register.Stamp()));
            buffer.WriteByte((byte)register.Lane.Policy);
            buffer.WriteUInt64(register.Lane.Generation);
            buffer.WriteByte((byte)register.Form.Code);
            buffer.WriteByte(register.Form.Scale);
            buffer.WriteUInt16((ushort)register.Collation);
            buffer.WriteByte((byte)register.Digits);
            buffer.WriteUInt32((uint)register.Image.Length);
            buffer.Write(register.Image);
            register.Total.Write(buffer);
            buffer.WriteUInt32((uint)register.Seen.Length);
            foreach (SeenTotal seen in register.Seen)
            {
                buffer.Write(seen.Author.AsSpan());
                seen.Total.Write(buffer);
            }

            register.Rights?.Write(buffer);
            if (register.Lane.Policy == MergePolicy.Set)
                MemberDots.Write(buffer, register.Dots, register.Seen);
            register.Edits?.Write(buffer);
        }
    }
}
