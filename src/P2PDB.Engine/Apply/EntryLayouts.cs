using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Apply;

/// <summary>
/// The layouts that one entry's row images have: of whole rows by the entry's directory, of updates by a bitmap over it.
/// Reusable; used by one thread.
/// </summary>
internal sealed class EntryLayouts
{
    private readonly List<DirectoryTable> _tables = [];
    private readonly HashSet<ColumnId> _seen = [];
    private readonly List<CellMark> _marks = [];
    private byte[] _directory = [];

    /// <summary>Tables in the directory.</summary>
    public int Count => _tables.Count;

    /// <summary>
    /// Reads a directory; false where it names a column twice or a storage form that does not exist, so that the entry is void.
    /// </summary>
    public bool TryRead(TableDirectoryReader directory)
    {
        // Entries of one kind of statement all have the same.
        if (_directory.Length > 0 && directory.Bytes.SequenceEqual(_directory))
            return true;
        _directory = [];
        _tables.Clear();
        while (directory.MoveNext())
        {
            var columns = new StoredColumn[directory.ColumnCount];
            _seen.Clear();
            for (int i = 0; i < columns.Length; i++)
            {
                LoggedColumn logged = directory.ColumnAt(i);
                StorageCode code = (StorageCode)logged.StorageCode;
                if (!RowLayout.IsKnown(code) || !_seen.Add(logged.Id) || !IsScaleValid(code, logged.Scale))
                    return false;
                columns[i] = new StoredColumn(logged.Id, code, logged.Scale);
            }

            _tables.Add(new DirectoryTable(directory.Table, columns));
        }

        _directory = directory.Bytes.ToArray();
        return true;
    }

    /// <summary>The table at a directory index.</summary>
    public TableId TableAt(int index) => _tables[index].Id;

    /// <summary>Columns of the table at a directory index.</summary>
    public int ColumnCountOf(int index) => _tables[index].Columns.Length;

    /// <summary>
    /// Reads the marks of a row operation, none where it has none; valid until the next call. False where they do not fit the
    /// directory.
    /// </summary>
    public bool TryReadMarks(int index, in RowOp row, out List<CellMark> marks)
    {
        marks = _marks;
        marks.Clear();
        return row.Marks.IsEmpty || CellMarks.TryRead(row.Marks, row.MarksVersion, _tables[index].Columns, row.Columns, marks);
    }

    /// <summary>The layout of whole rows; its number is -1.</summary>
    public StoredLayout WholeLayout(int index) => _tables[index].Whole;

    /// <summary>The layout of whole rows under its number in a table.</summary>
    public StoredLayout WholeLayout(int index, RowLayouts layouts)
    {
        DirectoryTable table = _tables[index];
        if (table.Registered is { } known && ReferenceEquals(table.RegisteredIn, layouts))
            return known;
        int number = layouts.IndexOf(table.Columns);
        table.RegisteredIn = layouts;
        return table.Registered = layouts[number < 0 ? layouts.Add(table.Columns) : number];
    }

    /// <summary>The layout of the columns that a bitmap selects; its number is -1.</summary>
    public StoredLayout PartLayout(int index, ReadOnlySpan<byte> bitmap)
    {
        DirectoryTable table = _tables[index];
        if (table.Part is { } part && table.Bitmap.AsSpan().SequenceEqual(bitmap))
            return part; // updates of one statement all name the same columns
        List<StoredColumn> selected = [];
        for (int i = 0; i < table.Columns.Length; i++)
        {
            if ((bitmap[i >> 3] >> (i & 7) & 1) != 0)
                selected.Add(table.Columns[i]);
        }

        table.Bitmap = bitmap.ToArray();
        return table.Part = new StoredLayout(-1, [.. selected], LayoutFactory.Create([.. selected]));
    }

    private static bool IsScaleValid(StorageCode code, byte scale) =>
        code is StorageCode.Dec8 or StorageCode.Dec16 or StorageCode.Dec32 ? scale <= SqlDecimal.ScaleMax : scale == 0;

    private sealed class DirectoryTable(TableId id, StoredColumn[] columns)
    {
        private StoredLayout? _whole;

        public TableId Id { get; } = id;

        public StoredColumn[] Columns { get; } = columns;

        public StoredLayout Whole => _whole ??= new StoredLayout(-1, [.. Columns], LayoutFactory.Create(Columns));

        public StoredLayout? Registered { get; set; }

        public RowLayouts? RegisteredIn { get; set; }

        public StoredLayout? Part { get; set; }

        public byte[] Bitmap { get; set; } = [];
    }
}
