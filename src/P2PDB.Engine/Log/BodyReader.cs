using System.Buffers.Binary;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

// BODY v1, raw (docs/formats/entry.md):
//   table directory: per table {16 TableId, u16 column count, u16 0, u32 0}, then per column
//     {u64 ColumnId, u8 storage code, u8 scale, u16 0, u32 0}
//   transactions: per transaction {u32 op count, u32 length of its ops}, then its ops:
//     {u8 kind, u8 flags, u16 table index, u32 payload length, payload}

/// <summary>
/// The tables and operations of one raw body. Borrows it: valid as long as the body is. Only <see cref="TryRead"/> makes one
/// that may be asked; it has walked the whole body, so the cursors need not check again.
/// </summary>
internal readonly ref struct BodyReader
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _opsOffset;

    private BodyReader(ReadOnlySpan<byte> body, int tableCount, int opsOffset)
    {
        _body = body;
        TableCount = tableCount;
        _opsOffset = opsOffset;
    }

    /// <summary>Tables in the directory.</summary>
    public int TableCount { get; }

    /// <summary>The directory, from its first table.</summary>
    public TableDirectoryReader Tables => new(_body[.._opsOffset], TableCount);

    /// <summary>The operations, from the first.</summary>
    public OpReader Ops => new(_body[_opsOffset..]);

    /// <summary>
    /// Walks the raw body of <paramref name="entry"/>: <see cref="EntryStatus.Valid"/>, <see cref="EntryStatus.BodyMalformed"/>
    /// (void) or <see cref="EntryStatus.OperationUnknown"/> (the database waits for a newer version).
    /// </summary>
    public static EntryStatus TryRead(scoped in EntryReader entry, ReadOnlySpan<byte> body, out BodyReader reader)
    {
        reader = default;
        if (!TryWalkTables(body, entry.TableCount, out int opsOffset))
            return EntryStatus.BodyMalformed;

        bool isPart = (entry.Flags & EntryFlags.Part) != 0;
        EntryStatus status = WalkTransactions(body[opsOffset..], entry.TableCount, isPart, entry.OpCount);
        if (status == EntryStatus.Valid)
            reader = new BodyReader(body, entry.TableCount, opsOffset);
        return status;
    }

    private static bool TryWalkTables(ReadOnlySpan<byte> body, int tableCount, out int offset)
    {
        offset = 0;
        for (int i = 0; i < tableCount; i++)
        {
            if (body.Length - offset < EntryFormat.TableHeaderLength)
                return false;
            ReadOnlySpan<byte> table = body.Slice(offset, EntryFormat.TableHeaderLength);
            int columnCount = BinaryPrimitives.ReadUInt16LittleEndian(table[TableId.Length..]);
            offset += EntryFormat.TableHeaderLength;
            if (columnCount > EntryFormat.ColumnCountMax
                || table[(TableId.Length + 2)..].ContainsAnyExcept((byte)0)
                || body.Length - offset < columnCount * EntryFormat.ColumnLength)
            {
                return false;
            }

            for (int column = 0; column < columnCount; column++, offset += EntryFormat.ColumnLength)
            {
                if (body.Slice(offset + 10, 6).ContainsAnyExcept((byte)0))
                    return false;
            }
        }

        return true;
    }

    private static EntryStatus WalkTransactions(ReadOnlySpan<byte> rest, int tableCount, bool isPart, uint opCount)
    {
        ulong walked = 0;
        bool unknown = false;
        int transactionCount = 0;
        while (rest.Length >= EntryFormat.TransactionHeaderLength)
        {
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[EntryFormat.TransactionHeaderLength..];
            if (length > (uint)rest.Length || count == 0)
                return EntryStatus.BodyMalformed;
            if (!TryWalkOps(rest[..(int)length], tableCount, isPart, count, ref unknown))
                return EntryStatus.BodyMalformed;
            rest = rest[(int)length..];
            walked += count;
            transactionCount++;
        }

        if (rest.Length != 0 || walked != opCount || (isPart && transactionCount != 1))
            return EntryStatus.BodyMalformed;
        return unknown ? EntryStatus.OperationUnknown : EntryStatus.Valid;
    }

    private static bool TryWalkOps(ReadOnlySpan<byte> rest, int tableCount, bool isPart, uint count, ref bool unknown)
    {
        uint walked = 0;
        while (rest.Length >= EntryFormat.OpHeaderLength)
        {
            var kind = (OpKind)rest[0];
            byte flags = rest[1];
            int table = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[EntryFormat.OpHeaderLength..];
            if (length > (uint)rest.Length)
                return false;

            if (!kind.IsKnown() || (flags & ~OpReader.ChunkedFlag) != 0)
                unknown = true;
            else if (!TableIndexFits(kind, table, tableCount) || (!isPart && (kind == OpKind.Chunk || flags != 0)))
                return false;
            rest = rest[(int)length..];
            walked++;
        }

        return rest.Length == 0 && walked == count;
    }

    private static bool TableIndexFits(OpKind kind, int table, int tableCount) =>
        kind.IsRow() ? table < tableCount : table == EntryFormat.NoTable;
}
