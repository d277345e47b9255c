using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// The operations of one entry at a time. What an operation of a transaction in parts has of itself in earlier parts is looked for
/// there: at once where they were read just before, else from the first part on. Reusable; used by one thread.
/// </summary>
internal sealed class OperationReader : IDisposable
{
    private readonly ByteWriter _entry = new();
    private readonly ByteWriter _body = new();
    private readonly ChunkAssembly _chunks = new();
    private readonly EntryLayouts _layouts = new();
    private readonly List<HeldEntry> _parts = [];
    private readonly List<LoggedOperation> _operations = [];
    private DatabaseLog? _log;
    private readonly List<byte[]> _statements = [];
    private EntryPosition _read;   // the entry that was read last
    private byte[]? _statement;    // the one that operations come from

    /// <summary>The layouts of the entry's row images.</summary>
    public EntryLayouts Layouts => _layouts;

    /// <summary>The entry's operations on rows, and those that end all rows of a table.</summary>
    public IReadOnlyList<LoggedOperation> Operations => _operations;

    /// <summary>The texts of statements that the entry has, in order.</summary>
    public IReadOnlyList<byte[]> Statements => _statements;

    /// <summary>
    /// Reads an effective entry; false where it has no effect after all, being part of a transaction that has none, and where the database is gone.
    /// </summary>
    /// <param name="log">The log that holds it.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="isWanted">Asked for each operation that there is to show.</param>
    /// <param name="step">Called for each part that is read only because it comes before.</param>
    public bool TryRead(DatabaseLog log, in HeldEntry entry, Func<OpKind, int, bool> isWanted, Action step)
    {
        _operations.Clear();
        _statements.Clear();
        bool isSame = ReferenceEquals(log, _log);
        _log = log;
        if ((entry.Flags & EntryFlags.Part) == 0)
        {
            _chunks.Clear();
            _read = entry.Position;
            return TryLoad(entry) && TryTakeAll(isWanted);
        }

        if (!isSame || !_parts.Contains(entry))
        {
            _parts.Clear();
            if (!log.Held.TryGetParts(entry.Position, _parts))
                return false;
        }

        if (!_parts.TrueForAll(static part => part.Standing == EntryStanding.Effective))
            return false;
        int index = _parts.IndexOf(entry);
        bool goesOn = isSame && index > 0 && _parts[index - 1].Position == _read;
        if (!goesOn)
        {
            _chunks.Clear();
            _statement = null;
        }

        for (int i = goesOn ? index : 0; i < index; i++)
        {
            step();
            if (!TryLoad(_parts[i]) || !TryTakeAll(static (_, _) => false))
                return false;
            _statements.Clear();
        }

        _read = entry.Position;
        return TryLoad(entry) && TryTakeAll(isWanted);
    }

    /// <summary>The payload of one of <see cref="Operations"/>; valid until the next entry is read.</summary>
    public ReadOnlySpan<byte> PayloadOf(in LoggedOperation operation) =>
        operation.Assembled ?? _body.Written.Slice(operation.Offset, operation.Length);

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _entry.Dispose();
        _body.Dispose();
        _chunks.Dispose();
    }

    private bool TryLoad(in HeldEntry entry)
    {
        _entry.Clear();
        _body.Clear();
        if (!_log!.Held.TryRead(entry.Position, _entry) || EntryReader.TryRead(_entry.Written, out EntryReader reader) != EntryStatus.Valid)
            return false;
        Span<byte> raw = _body.GetSpan(Math.Max(reader.RawBodyLength, 1))[..reader.RawBodyLength];
        if (!reader.TryDecompressBody(raw) || BodyReader.TryRead(reader, raw, out BodyReader body) != EntryStatus.Valid)
            return false;
        _body.Advance(raw.Length);
        return _layouts.TryRead(body.Tables);
    }

    private bool TryTakeAll(Func<OpKind, int, bool> isWanted)
    {
        EntryReader.TryRead(_entry.Written, out EntryReader entry);
        BodyReader.TryRead(entry, _body.Written, out BodyReader body);
        bool isPart = (entry.Flags & EntryFlags.Part) != 0;
        OpReader ops = body.Ops;
        while (ops.MoveNext())
        {
            if (ops.StartsTransaction && !isPart)
                _statement = null;
            if (!_chunks.TryTake(ops, out ReadOnlySpan<byte> payload))
                return false;
            if (ops.Kind == OpKind.Statement)
                Take(payload);
            if (!(ops.Kind.IsRow() || ops.Kind is OpKind.Truncate or OpKind.DropTable) || !isWanted(ops.Kind, ops.Table))
                continue;
            bool isInBody = _body.Written.Overlaps(payload, out int offset);
            _operations.Add(new LoggedOperation(
                ops.Kind, ops.OpIndex, ops.Table, isInBody ? offset : 0, payload.Length, isInBody || payload.IsEmpty ? null : payload.ToArray(), _statement));
        }

        return true;
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        _statement = text.IsEmpty ? null : text.ToArray();
        if (_statement is not null)
            _statements.Add(_statement);
    }
}
