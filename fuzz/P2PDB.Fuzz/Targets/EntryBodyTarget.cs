using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 entry flags, u8 table count, u16 operation count as an entry's header says them, then the raw body. Written again from
/// its tables and operations, an accepted body is the same; so is the payload of a row operation.
/// </summary>
internal sealed class EntryBodyTarget : IFuzzTarget, IDisposable
{
    private const int PrefixLength = 4;
    private readonly byte[] _entry = MakeEntry();
    private readonly ByteWriter _again = new(8192);
    private readonly ByteWriter _row = new(8192);
    private readonly ChunkBuffer _chunks = new();

    public string Name => "entry-body";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Log/BodyReader.cs", "P2PDB.Engine/Log/OpReader.cs", "P2PDB.Engine/Log/TableDirectoryReader.cs",
        "P2PDB.Engine/Log/ChunkBuffer.cs", "P2PDB.Engine/Log/OpKinds.cs",
    ];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Build(EntryFlags.None, changes => changes.Write(OpKind.CreateTable, [1, 2, 3]));
            yield return Build(EntryFlags.None, changes =>
            {
                int table = changes.AddTable(TableId.Read(new byte[16]), [new(new ColumnId(1), 1, 0), new(new ColumnId(2), 2, 3)]);
                changes.Insert(table, [1], [2, 3]);
                changes.Update(table, [1], [3], [4]);
                changes.Delete(table, [1]);
                changes.Append(table, [1], [2, 3]);
            });
            yield return Build(EntryFlags.None, changes => changes.Write(OpKind.Statement, "DELETE FROM t"u8));
            yield return Build(EntryFlags.None, changes =>
            {
                int table = changes.AddTable(TableId.Read(new byte[16]), [new(new ColumnId(1), 7, 0)]);
                changes.InsertMarked(table, [1], 1, [1, 0, 2, 0], [0, 5, 0, 0, 0]);
                changes.UpdateMarked(table, [1], [0], 1, [1, 0, 20, 0, 0, 0, 1, 5], []);
                changes.UpdateMarked(table, [1], [0], 2, [1, 0, 9, 0, 0, 0, 1, 0, 1, 0, 0, 1, 5], []);
                changes.UpdateMarked(table, [1], [1], 4, [1, 0, 5, 0, 1, 1, 0, 0], [0, 1, 0, 0, 0]);
                changes.UpdateMarked(table, [1], [0], 5, [1, 0, 22, 0, 1, 65, 25, 0, 1, 0, 0, 1, 1, 0, 0], []);
            });
            yield return Chunked();
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < PrefixLength)
            return length;
        Span<byte> rest = buffer[PrefixLength..length];
        for (int table = 0; table < buffer[1] && rest.Length >= EntryFormat.TableHeaderLength; table++)
        {
            int columnsLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[TableId.Length..]) * EntryFormat.ColumnLength;
            if (rest.Length - EntryFormat.TableHeaderLength < columnsLength)
                return length;
            rest = rest[(EntryFormat.TableHeaderLength + columnsLength)..];
        }

        int opCount = 0;
        while (rest.Length >= EntryFormat.TransactionHeaderLength)
        {
            int opsLength = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            bool fits = opsLength >= 0 && opsLength <= rest.Length - EntryFormat.TransactionHeaderLength;
            opsLength = fits ? opsLength : rest.Length - EntryFormat.TransactionHeaderLength;
            BinaryPrimitives.WriteInt32LittleEndian(rest[4..], opsLength);
            int count = RepairOps(rest.Slice(EntryFormat.TransactionHeaderLength, opsLength));
            BinaryPrimitives.WriteInt32LittleEndian(rest, count);
            opCount += count;
            rest = rest[(EntryFormat.TransactionHeaderLength + opsLength)..];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(buffer[2..], (ushort)opCount);
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < PrefixLength)
            return false;
        BinaryPrimitives.WriteUInt16LittleEndian(
            _entry.AsSpan(EntryFormat.FlagsOffset), (ushort)((EntryFlags)input[0] & (EntryFlags.Part | EntryFlags.LastPart)));
        BinaryPrimitives.WriteUInt16LittleEndian(_entry.AsSpan(EntryFormat.TableCountOffset), input[1]);
        uint opCount = BinaryPrimitives.ReadUInt16LittleEndian(input[2..]);
        BinaryPrimitives.WriteUInt32LittleEndian(_entry.AsSpan(EntryFormat.OpCountOffset), opCount);
        if (EntryReader.TryRead(_entry, out EntryReader entry) != EntryStatus.Valid)
            return false;

        ReadOnlySpan<byte> raw = input[PrefixLength..];
        EntryStatus status = BodyReader.TryRead(entry, raw, out BodyReader body);
        probe.Reached((int)status);
        if (status != EntryStatus.Valid)
            return false;

        _again.Clear();
        WriteTables(body);
        WriteOps(body, probe);
        FuzzLaw.RequireSame(raw, _again.Written, "a body is its tables and operations");
        return true;
    }

    public void Dispose()
    {
        _again.Dispose();
        _row.Dispose();
        _chunks.Dispose();
    }

    private void WriteTables(in BodyReader body)
    {
        TableDirectoryReader tables = body.Tables;
        while (tables.MoveNext())
        {
            tables.Table.CopyTo(_again.GetSpan(TableId.Length));
            _again.Advance(TableId.Length);
            _again.WriteUInt64((ulong)tables.ColumnCount);
            for (int i = 0; i < tables.ColumnCount; i++)
            {
                LoggedColumn column = tables.ColumnAt(i);
                _again.WriteUInt64(column.Id.Value);
                _again.WriteUInt64(column.StorageCode | ((ulong)column.Scale << 8));
            }
        }

        FuzzLaw.Require(tables.Index == body.TableCount - 1, "all tables are seen");
    }

    private void WriteOps(in BodyReader body, FuzzProbe probe)
    {
        OpReader ops = body.Ops;
        int start = _again.Length;
        uint inTransaction = 0;
        _chunks.Clear();
        while (ops.MoveNext())
        {
            if (ops.StartsTransaction)
            {
                FinishTransaction(start, inTransaction);
                start = _again.Length;
                inTransaction = 0;
                _again.WriteUInt64(0);
                _chunks.Clear();
            }

            inTransaction++;
            _again.WriteByte((byte)ops.Kind);
            _again.WriteByte(ops.IsChunked ? OpReader.ChunkedFlag : (byte)0);
            _again.WriteUInt16((ushort)ops.Table);
            _again.WriteUInt32((uint)ops.Payload.Length);
            _again.Write(ops.Payload);
            probe.Reached(128 + (int)ops.Kind + (ops.Kind.IsDefinition() || ops.Kind.IsAccess() ? 64 : 0));
            if (_chunks.TryJoin(ops, out ReadOnlySpan<byte> payload) && ops.Kind.IsRow())
                ReadRow(ops.Kind, payload, probe);
        }

        probe.Reached(_chunks.IsPending ? 300 : 301);
        FinishTransaction(start, inTransaction);
    }

    private void FinishTransaction(int start, uint opCount)
    {
        if (opCount == 0)
            return;
        Span<byte> header = _again.WrittenSpan[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(header, opCount);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], header.Length - EntryFormat.TransactionHeaderLength);
    }

    private void ReadRow(OpKind kind, ReadOnlySpan<byte> payload, FuzzProbe probe)
    {
        bool isRead = OpReader.TryReadRow(kind, payload, columnCount: 9, out RowOp row);
        probe.Reached(400 + ((int)kind * 2) + (isRead ? 1 : 0));
        if (!isRead)
            return;
        _row.Clear();
        _row.WriteVarint((ulong)row.Key.Length);
        _row.Write(row.Key);
        _row.Write(row.Columns);
        if (kind.IsMarked())
        {
            _row.WriteVarint((ulong)row.Marks.Length);
            _row.Write(row.Marks);
        }

        _row.Write(row.Image);
        FuzzLaw.RequireSame(payload, _row.Written, "a row operation is its key, columns and image");
    }

    // Makes payload lengths fit: the last operation takes what is left. Returns how many operations there are.
    private static int RepairOps(Span<byte> ops)
    {
        int count = 0;
        while (ops.Length >= EntryFormat.OpHeaderLength)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(ops[4..]);
            int left = ops.Length - EntryFormat.OpHeaderLength;
            if (length < 0 || length > left || left - length is > 0 and < EntryFormat.OpHeaderLength)
                length = left;
            BinaryPrimitives.WriteInt32LittleEndian(ops[4..], length);
            ops = ops[(EntryFormat.OpHeaderLength + length)..];
            count++;
        }

        return count;
    }

    private static byte[] Build(EntryFlags flags, Action<ChangeSet> write)
    {
        using var changes = new ChangeSet();
        using var body = new BodyBuilder();
        write(changes);
        body.Add(changes);
        return Prefixed(flags, body);
    }

    private static byte[] Chunked()
    {
        using var changes = new ChangeSet();
        using var body = new BodyBuilder();
        changes.AddTable(TableId.Read(new byte[16]), [new(new ColumnId(1), 19, 0)]);
        body.MapTables(changes);
        int start = body.BeginTransaction();
        body.AddOp(OpKind.Chunk, 0, EntryFormat.NoTable, [1, 5]);
        body.AddOp(OpKind.Insert, OpReader.ChunkedFlag, 0, [0, 1, 2]);
        body.EndTransaction(start, 2);
        return Prefixed(EntryFlags.Part, body);
    }

    private static byte[] Prefixed(EntryFlags flags, BodyBuilder body)
    {
        using var target = new ByteWriter();
        target.WriteByte((byte)flags);
        target.WriteByte((byte)body.TableCount);
        target.WriteUInt16((ushort)body.OpCount);
        body.WriteTo(target);
        return target.Written.ToArray();
    }

    // A header that is valid whatever flags and counts are put into it; its own body of a byte is not looked at.
    private static byte[] MakeEntry()
    {
        int total = EntryFormat.FixedHeaderLength + EntryFormat.SignatureLength + 1;
        byte[] entry = new byte[EntryFormat.Padded(total)];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, EntryFormat.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(EntryFormat.VersionOffset), EntryFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(EntryFormat.TotalLengthOffset), total);
        entry[EntryFormat.RawBodyLengthOffset] = 1;
        entry[EntryFormat.HlcOffset] = 1;
        entry[EntryFormat.DatabaseOffset] = 1;
        entry[EntryFormat.AuthorOffset] = 1;
        return entry;
    }
}
