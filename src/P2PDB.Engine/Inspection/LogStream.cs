using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Inspection;

/// <summary>The rows of p2pdb.log: every entry that is held.</summary>
internal sealed class LogStream(NodeDatabases databases, StatementContext context, ScanBounds bounds) : RowStream
{
    private const int Standing = EntryColumns.Count;
    private const int Parents = Standing + 1;
    private const int Operations = Parents + 1;
    private const int Bytes = Operations + 1;
    private const int Flags = Bytes + 1;

    private readonly EntryScan _entries = new(databases, context, bounds);
    private readonly OperationReader _reader = new();
    private bool _isCounted;
    private int _parentCount;
    private uint _opCount;

    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } = EntryColumns.With(
        Columns.Text("standing", 16), Columns.Integer("parents"), Columns.Unsigned("operations"), Columns.Integer("bytes"), Columns.Text("flags", 64),
        Columns.LongText("statements"));

    /// <inheritdoc/>
    public override object? this[int column] => column switch
    {
        < EntryColumns.Count => _entries.Value(column),
        Standing => EntryColumns.NameOf(_entries.Entry.Standing),
        Parents => CountParents(),
        Operations => CountOperations(),
        Bytes => _entries.Entry.Length,
        Flags => FlagsOf(_entries.Log.Id, _entries.Entry),
        _ => ReadStatements(),
    };

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        _isCounted = false;
        while (_entries.MoveNext())
        {
            if (!bounds.IsBound(Standing) || bounds.Admits(Standing, this[Standing]))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Dispose() => _reader.Dispose();

    private int CountParents()
    {
        Count();
        return _parentCount;
    }

    private uint CountOperations()
    {
        Count();
        return _opCount;
    }

    /// <summary>Reads the header, once: these two lie there and not in memory.</summary>
    private void Count()
    {
        if (!_isCounted)
            _entries.Log.Held.TryCount(_entries.Entry.Position, out _parentCount, out _opCount);
        _isCounted = true;
    }

    /// <summary>The texts that were kept beside the effects of statements, a line each at least.</summary>
    private byte[]? ReadStatements()
    {
        HeldEntry entry = _entries.Entry;
        if (entry.Standing != EntryStanding.Effective || !_reader.TryRead(_entries.Log, entry, static (_, _) => false, context.ThrowIfStopped)
            || _reader.Statements.Count == 0)
        {
            return null;
        }

        using var texts = new ByteWriter();
        foreach (byte[] text in _reader.Statements)
        {
            if (texts.Length > 0)
                texts.Write(";\n"u8);
            texts.Write(text);
        }

        return texts.Written.ToArray();
    }

    private static string FlagsOf(in DatabaseId database, in HeldEntry entry)
    {
        List<string> names = [];
        if (entry.Id.Hash == database.Hash)
            names.Add("genesis");
        if ((entry.Flags & EntryFlags.Merge) != 0)
            names.Add("merge");
        if ((entry.Flags & EntryFlags.Part) != 0)
            names.Add((entry.Flags & EntryFlags.LastPart) != 0 ? "last part" : "part");
        if ((entry.Flags & EntryFlags.Compressed) != 0)
            names.Add("compressed");
        return string.Join(',', names);
    }
}
