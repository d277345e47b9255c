using System.Buffers.Binary;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// What one transaction does to one database, as operations in the encoding of an entry's body. A savepoint is a mark; going
/// back forgets the operations after it. Operations that do not fit in memory go to a scratch file, in pieces of whole
/// operations; the newest stay in memory. Reusable: <see cref="Clear"/> keeps some memory. One thread at a time.
/// </summary>
/// <param name="scratch">Room on the disk; without it all stays in memory.</param>
/// <param name="memoryLengthMax">Bytes of operations from which on they leave the memory.</param>
/// <param name="remark">The statement that operations come from, where it is kept beside them.</param>
internal sealed class ChangeSet(
    ScratchSpace? scratch = null, int memoryLengthMax = ChangeSet.MemoryLengthMax, StatementRemark? remark = null) : IDisposable
{
    /// <summary>Bytes of operations in memory, about: with the last of them it is still a buffer of 4 MiB, mostly.</summary>
    public const int MemoryLengthMax = (4 << 20) - (64 << 10);

    /// <summary>Bytes that are read at once from the scratch file.</summary>
    private const int WindowLength = 256 << 10;

    /// <summary>The operations that are in memory: all, or those after the scratch file's.</summary>
    private ByteWriter _ops = new();
    private ByteWriter? _window;
    private ScratchFile? _spilled;
    private readonly List<ChangeSetTable> _tables = [];
    private readonly List<LoggedColumn> _columns = [];
    private readonly Dictionary<TableId, int> _latest = [];
    private int _remarkNumber;   // of the statement whose remark was written last
    private long _remarkEnd;     // where that lies
    private bool _hasRemarks;

    /// <summary>The database that is changed.</summary>
    public DatabaseId Database { get; private set; }

    /// <summary>Whose totals of counters the operations carry: under another author they would count twice. Zero where they carry none.</summary>
    public AuthorKey CountsFor { get; set; }

    /// <summary>Operations written and not rewound.</summary>
    public int OpCount { get; private set; }

    /// <summary>Tables of the directory.</summary>
    public int TableCount => _tables.Count;

    /// <summary>True when there is nothing to commit.</summary>
    public bool IsEmpty => OpCount == 0;

    /// <summary>Bytes of the operations, encoded.</summary>
    public long Length => SpilledLength + _ops.Length;

    private long SpilledLength => _spilled?.Length ?? 0;

    /// <summary>Empties the set and gives it to <paramref name="database"/>.</summary>
    public void Clear(DatabaseId database)
    {
        Database = database;
        CountsFor = default;
        OpCount = 0;
        (_remarkNumber, _remarkEnd, _hasRemarks) = (0, 0, false);
        ClearMemory();
        LetGoOfDisk();
        _tables.Clear();
        _columns.Clear();
        _latest.Clear();
    }

    /// <summary>
    /// The directory index of a table whose row images hold <paramref name="columns"/>; the same table with the same columns
    /// has one index. Row operations refer to it.
    /// </summary>
    public int AddTable(TableId table, ReadOnlySpan<LoggedColumn> columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, EntryFormat.ColumnCountMax);
        if (_latest.TryGetValue(table, out int known) && ColumnsOf(known).SequenceEqual(columns))
            return known;

        if (_tables.Count == EntryFormat.TableCountMax)
            throw new InvalidOperationException("A transaction names more tables than an entry can.");
        int index = _tables.Count;
        _tables.Add(new ChangeSetTable(table, _columns.Count, columns.Length));
        _columns.AddRange(columns);
        _latest[table] = index;
        return index;
    }

    /// <summary>The table at a directory index.</summary>
    public TableId TableAt(int index) => _tables[index].Id;

    /// <summary>The columns of the table at a directory index; valid until the next <see cref="AddTable"/>.</summary>
    public ReadOnlySpan<LoggedColumn> ColumnsOf(int index)
    {
        ChangeSetTable table = _tables[index];
        return CollectionsMarshal.AsSpan(_columns).Slice(table.FirstColumn, table.ColumnCount);
    }

    /// <summary>Writes a whole row: its key and an image of all columns of the table's directory.</summary>
    public void Insert(int table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image) =>
        WriteRow(OpKind.Insert, table, key, default, default, image);

    /// <summary>Writes a whole row that stays.</summary>
    public void Append(int table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> image) =>
        WriteRow(OpKind.Append, table, key, default, default, image);

    /// <summary>Writes some columns of a row: bit i of <paramref name="columns"/> says that the image holds column i.</summary>
    public void Update(int table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> columns, ReadOnlySpan<byte> image) =>
        WriteRow(OpKind.Update, table, key, columns, default, image);

    /// <summary>As <see cref="Insert"/>, with marks, of a version, that say how columns merge.</summary>
    public void InsertMarked(int table, ReadOnlySpan<byte> key, int marksVersion, ReadOnlySpan<byte> marks, ReadOnlySpan<byte> image) =>
        WriteRow(OpKinds.Marked(marksVersion, isInsert: true), table, key, default, marks, image);

    /// <summary>As <see cref="Update"/>, with marks, of a version, that say how columns merge.</summary>
    public void UpdateMarked(
        int table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> columns, int marksVersion, ReadOnlySpan<byte> marks,
        ReadOnlySpan<byte> image) =>
        WriteRow(OpKinds.Marked(marksVersion, isInsert: false), table, key, columns, marks, image);

    /// <summary>Writes the end of a row.</summary>
    public void Delete(int table, ReadOnlySpan<byte> key) => WriteRow(OpKind.Delete, table, key, default, default, default);

    /// <summary>Writes an operation that is not about one row: a definition or an access operation.</summary>
    public void Write(OpKind kind, ReadOnlySpan<byte> payload)
    {
        WriteRemark();
        WriteHeader(kind, EntryFormat.NoTable, payload.Length);
        _ops.Write(payload);
        SpillIfLong();
    }

    /// <summary>Reads the operations from the first on. The set is not changed meanwhile, and has one reader at a time.</summary>
    public ChangeReader Read() => new(this);

    /// <summary>Appends all operations, encoded, to <paramref name="target"/>.</summary>
    /// <exception cref="IOException">The scratch file cannot be read.</exception>
    public void CopyTo(ByteWriter target)
    {
        for (long position = 0; position < SpilledLength;)
        {
            ReadOnlySpan<byte> piece = BytesAt(position, 1);
            target.Write(piece);
            position += piece.Length;
        }

        target.Write(_ops.Written);
    }

    /// <summary>Where the set stands now.</summary>
    public ChangeSetMark Mark() => new(Length, OpCount, _tables.Count);

    /// <summary>Forgets every operation after <paramref name="mark"/>, which an earlier rewind must not have passed.</summary>
    public void Rewind(ChangeSetMark mark)
    {
        long spilledLength = SpilledLength;
        if (mark.Length < _remarkEnd)
            _remarkNumber = 0;   // Taken back: what comes of the statement from here on gets its own.
        _ops.Truncate((int)Math.Max(mark.Length - spilledLength, 0));
        if (mark.Length < spilledLength)
            _spilled!.Truncate(mark.Length);
        OpCount = mark.OpCount;
        if (_tables.Count == mark.TableCount)
            return;

        int columnCount = _tables[mark.TableCount].FirstColumn;
        _columns.RemoveRange(columnCount, _columns.Count - columnCount);
        _tables.RemoveRange(mark.TableCount, _tables.Count - mark.TableCount);
        _latest.Clear();
        for (int i = 0; i < _tables.Count; i++)
            _latest[_tables[i].Id] = i;
    }

    /// <summary>Returns the memory to the pool, and what is on the disk.</summary>
    public void Dispose()
    {
        _ops.Dispose();
        LetGoOfDisk();
    }

    /// <summary>
    /// The operations from a position on, which one begins at: as many as are at hand, of which the last may be cut off, but at
    /// least <paramref name="lengthMin"/> bytes where there are so many. Valid until the next call or change.
    /// </summary>
    internal ReadOnlySpan<byte> BytesAt(long position, int lengthMin)
    {
        long left = SpilledLength - position;
        if (left <= 0)
            return _ops.Written[(int)-left..];
        _window ??= new ByteWriter(WindowLength);
        _window.Clear();
        int length = (int)Math.Min(Math.Max(lengthMin, WindowLength), left);
        _spilled!.Read(position, _window.GetSpan(length)[..length]);
        _window.Advance(length);
        return _window.Written;
    }

    private void WriteRow(
        OpKind kind, int table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> columns, ReadOnlySpan<byte> marks,
        ReadOnlySpan<byte> image)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)table, (uint)_tables.Count);
        WriteRemark();
        int start = WriteHeader(kind, (ushort)table, 0);
        _ops.WriteVarint((ulong)key.Length);
        _ops.Write(key);
        _ops.Write(columns);
        if (kind.IsMarked())
        {
            _ops.WriteVarint((ulong)marks.Length);
            _ops.Write(marks);
        }

        _ops.Write(image);
        int payloadLength = _ops.Length - start - EntryFormat.OpHeaderLength;
        BinaryPrimitives.WriteInt32LittleEndian(_ops.WrittenSpan[(start + 4)..], payloadLength);
        SpillIfLong();
    }

    /// <summary>Writes which statement the next operation comes from, where that is to be known and was not said yet.</summary>
    private void WriteRemark()
    {
        if (remark is null || remark.Number == _remarkNumber)
            return;
        _remarkNumber = remark.Number;
        if (remark.Text.IsEmpty && !_hasRemarks)
            return;
        _hasRemarks = true;
        WriteHeader(OpKind.Statement, EntryFormat.NoTable, remark.Text.Length);
        _ops.Write(remark.Text);
        _remarkEnd = Length;
    }

    private int WriteHeader(OpKind kind, ushort table, int payloadLength)
    {
        int start = _ops.Length;
        Span<byte> header = _ops.GetSpan(EntryFormat.OpHeaderLength);
        header[0] = (byte)kind;
        header[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], table);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], payloadLength);
        _ops.Advance(EntryFormat.OpHeaderLength);
        OpCount++;
        return start;
    }

    private void SpillIfLong()
    {
        if (_ops.Length >= memoryLengthMax && scratch is not null)
            Spill(scratch);
    }

    /// <summary>Moves the operations to the scratch file. Where that fails they are still here, for the statement to take back.</summary>
    private void Spill(ScratchSpace space)
    {
        _spilled ??= space.Open();
        _spilled.Append(_ops.Written);
        ClearMemory();
    }

    private void ClearMemory()
    {
        bool isLarge = _ops.Length > 2 * MemoryLengthMax;
        _ops.Clear();
        if (!isLarge)
            return;
        _ops.Dispose();
        _ops = new ByteWriter();
    }

    private void LetGoOfDisk()
    {
        _spilled?.Dispose();
        _spilled = null;
        _window?.Dispose();
        _window = null;
    }

    private readonly record struct ChangeSetTable(TableId Id, int FirstColumn, int ColumnCount);
}
