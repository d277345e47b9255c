using System.Buffers.Binary;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// Collects whole transactions into one raw body: their table directories are joined, and their operations copied with the
/// table index of the joined directory. Reusable.
/// </summary>
/// <param name="lengthMax">Bytes of a body at most.</param>
internal sealed class BodyBuilder(int lengthMax = EntryFormat.RawBodyLengthMax) : IDisposable
{
    private readonly ByteWriter _transactions = new(4096);
    private readonly List<DirectoryTable> _tables = [];
    private readonly List<LoggedColumn> _columns = [];
    private readonly List<int> _map = [];

    /// <summary>Operations of all transactions so far.</summary>
    public uint OpCount { get; private set; }

    /// <summary>Tables of the joined directory.</summary>
    public int TableCount => _tables.Count;

    /// <summary>Bytes that <see cref="WriteTo"/> writes.</summary>
    public int Length => DirectoryLength + _transactions.Length;

    private int DirectoryLength =>
        (_tables.Count * EntryFormat.TableHeaderLength) + (_columns.Count * EntryFormat.ColumnLength);

    /// <summary>The most that adding <paramref name="changes"/> as a transaction can add to <see cref="Length"/>.</summary>
    public static long LengthMaxOf(ChangeSet changes)
    {
        long length = EntryFormat.TransactionHeaderLength + changes.Length;
        for (int i = 0; i < changes.TableCount; i++)
            length += EntryFormat.TableHeaderLength + (changes.ColumnsOf(i).Length * (long)EntryFormat.ColumnLength);
        return length;
    }

    /// <summary>Starts over and keeps the memory.</summary>
    public void Clear()
    {
        _transactions.Clear();
        _tables.Clear();
        _columns.Clear();
        OpCount = 0;
    }

    /// <summary>True when the body stays within its limits with one more transaction.</summary>
    public bool Fits(ChangeSet changes) =>
        Length + LengthMaxOf(changes) <= lengthMax
        && _tables.Count + changes.TableCount <= EntryFormat.TableCountMax;

    /// <summary>Adds one whole transaction, for which <see cref="Fits"/> is true.</summary>
    public void Add(ChangeSet changes)
    {
        MapTables(changes);
        int start = BeginTransaction();
        changes.CopyTo(_transactions);
        Remap(_transactions.WrittenSpan[(start + EntryFormat.TransactionHeaderLength)..]);
        EndTransaction(start, changes.OpCount);
    }

    /// <summary>Joins the directory of <paramref name="changes"/>, whose operations <see cref="AddOp"/> adds.</summary>
    public void MapTables(ChangeSet changes)
    {
        _map.Clear();
        for (int i = 0; i < changes.TableCount; i++)
            _map.Add(Join(changes.TableAt(i), changes.ColumnsOf(i)));
    }

    /// <summary>Starts a transaction; returns what <see cref="EndTransaction"/> asks for.</summary>
    public int BeginTransaction()
    {
        int start = _transactions.Length;
        _transactions.WriteUInt64(0);
        return start;
    }

    /// <summary>Adds one operation to the transaction under way; its table index is of the mapped change set.</summary>
    public void AddOp(OpKind kind, byte flags, int table, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = _transactions.GetSpan(EntryFormat.OpHeaderLength);
        header[0] = (byte)kind;
        header[1] = flags;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)(table == EntryFormat.NoTable ? table : _map[table]));
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], payload.Length);
        _transactions.Advance(EntryFormat.OpHeaderLength);
        _transactions.Write(payload);
    }

    /// <summary>Ends the transaction that started at <paramref name="start"/>.</summary>
    public void EndTransaction(int start, int opCount)
    {
        Span<byte> header = _transactions.WrittenSpan[start..];
        BinaryPrimitives.WriteInt32LittleEndian(header, opCount);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], header.Length - EntryFormat.TransactionHeaderLength);
        OpCount += (uint)opCount;
    }

    /// <summary>Appends the raw body to <paramref name="target"/>.</summary>
    public void WriteTo(ByteWriter target)
    {
        foreach (DirectoryTable table in _tables)
        {
            Span<byte> header = target.GetSpan(EntryFormat.TableHeaderLength)[..EntryFormat.TableHeaderLength];
            header.Clear();
            table.Id.CopyTo(header);
            BinaryPrimitives.WriteUInt16LittleEndian(header[TableId.Length..], (ushort)table.ColumnCount);
            target.Advance(EntryFormat.TableHeaderLength);
            foreach (LoggedColumn column in ColumnsOf(table))
            {
                target.WriteUInt64(column.Id.Value);
                target.WriteUInt64(column.StorageCode | ((ulong)column.Scale << 8));
            }
        }

        target.Write(_transactions.Written);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _transactions.Dispose();

    private int Join(TableId table, ReadOnlySpan<LoggedColumn> columns)
    {
        for (int i = 0; i < _tables.Count; i++)
        {
            if (_tables[i].Id == table && ColumnsOf(_tables[i]).SequenceEqual(columns))
                return i;
        }

        _tables.Add(new DirectoryTable(table, _columns.Count, columns.Length));
        _columns.AddRange(columns);
        return _tables.Count - 1;
    }

    private void Remap(Span<byte> ops)
    {
        bool same = true;
        for (int i = 0; i < _map.Count && same; i++)
            same = _map[i] == i;
        while (!same && !ops.IsEmpty)
        {
            int table = BinaryPrimitives.ReadUInt16LittleEndian(ops[2..]);
            if (table != EntryFormat.NoTable)
                BinaryPrimitives.WriteUInt16LittleEndian(ops[2..], (ushort)_map[table]);
            ops = ops[(EntryFormat.OpHeaderLength + BinaryPrimitives.ReadInt32LittleEndian(ops[4..]))..];
        }
    }

    private ReadOnlySpan<LoggedColumn> ColumnsOf(DirectoryTable table) =>
        CollectionsMarshal.AsSpan(_columns).Slice(table.FirstColumn, table.ColumnCount);

    private readonly record struct DirectoryTable(TableId Id, int FirstColumn, int ColumnCount);
}
