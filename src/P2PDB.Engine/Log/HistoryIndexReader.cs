using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

/// <summary>
/// Cursor over the index of a history file. Borrows the bytes. <see cref="TryBegin"/> comes first; each step then says whether it found
/// what should follow.
/// </summary>
internal ref struct HistoryIndexReader
{
    private ByteReader _rest;
    private ReadOnlySpan<byte> _heads;
    private ReadOnlySpan<byte> _peaks;
    private ReadOnlySpan<byte> _changes;
    private ReadOnlySpan<byte> _entries;

    /// <summary>Runs in the index.</summary>
    public int RunCount { get; private set; }

    /// <summary>Where the entries of the run lie in the index.</summary>
    public readonly long EntriesOffset =>
        HistoryIndexFormat.HeaderLength + _heads.Length + _rest.Position - _entries.Length;

    /// <summary>Heads of the log once it has the file.</summary>
    public readonly int HeadCount => _heads.Length / EntryFormat.HashLength;

    /// <summary>The run that was moved to last.</summary>
    public HistoryRun Run { get; private set; }

    /// <summary>True behind the last run.</summary>
    public readonly bool IsAtEnd => _rest.IsAtEnd;

    /// <summary>Begins; false where the bytes are not whole, or are another file's.</summary>
    public static bool TryBegin(
        ReadOnlySpan<byte> bytes, in DatabaseId database, ulong number, uint historyCheck, out HistoryIndexReader reader)
    {
        reader = default;
        if (!HistoryIndexFormat.IsHeader(bytes, database, number, historyCheck) || !HistoryIndexFormat.IsWhole(bytes))
            return false;
        int runCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[HistoryIndexFormat.RunCountOffset..]);
        int headCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[HistoryIndexFormat.HeadCountOffset..]);
        ReadOnlySpan<byte> rest = bytes[HistoryIndexFormat.HeaderLength..^HistoryIndexFormat.TrailerLength];
        if (runCount < 0 || headCount < 0 || headCount > rest.Length / EntryFormat.HashLength)
            return false;
        reader.RunCount = runCount;
        reader._heads = rest[..(headCount * EntryFormat.HashLength)];
        reader._rest = new ByteReader(rest[reader._heads.Length..]);
        for (int i = 1; i < headCount; i++)
        {
            if (reader.HeadAt(i - 1).CompareTo(reader.HeadAt(i)) >= 0)
                return false;
        }

        return true;
    }

    /// <summary>Moves to the next run; false where none follows whole.</summary>
    public bool TryMoveNext()
    {
        if (!_rest.TryReadBytes(HistoryIndexFormat.RunLength, out ReadOnlySpan<byte> fields)
            || !HistoryIndexFormat.TryReadRun(fields, out HistoryRun run)
            || !_rest.TryReadBytes(run.PeakCount * EntryFormat.HashLength, out _peaks)
            || run.ChangeCount > _rest.Remaining / HistoryIndexFormat.ChangeLength
            || !_rest.TryReadBytes(run.ChangeCount * HistoryIndexFormat.ChangeLength, out _changes)
            || run.EntryCount > _rest.Remaining / HistoryIndexFormat.EntryLength
            || HistoryIndexFormat.EntriesLength(run.EntryCount) > _rest.Remaining
            || !_rest.TryReadBytes((int)HistoryIndexFormat.EntriesLength(run.EntryCount), out _entries))
        {
            return false;
        }

        Run = run;
        return AreChangesAscending() && AreGroupsWhole() && (run.Index > 0 || IdAt(0) == run.First);
    }

    /// <summary>A head of the log; ascending.</summary>
    public readonly EntryId HeadAt(int index) => EntryId.Read(_heads[(index * EntryFormat.HashLength)..]);

    /// <summary>A peak of the run's end, the highest first.</summary>
    public readonly Hash256 PeakAt(int index) => new(_peaks.Slice(index * EntryFormat.HashLength, EntryFormat.HashLength));

    /// <summary>Index in the run of an entry with which access changes; ascending, the first of a chain among them.</summary>
    public readonly int ChangeAt(int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(_changes[(index * HistoryIndexFormat.ChangeLength)..]);

    /// <summary>The id of an entry of the run.</summary>
    public readonly EntryId IdAt(int index) => EntryId.Read(_entries[(int)HistoryIndexFormat.OffsetOf(index)..]);

    /// <summary>An entry of the run, of history file <paramref name="file"/>; false where its fields have no meaning.</summary>
    public readonly bool TryReadEntry(int index, int file, out ChainEntry entry) =>
        HistoryIndexFormat.TryReadEntry(
            _entries.Slice((int)HistoryIndexFormat.OffsetOf(index), HistoryIndexFormat.EntryLength), file, out entry);

    private readonly bool AreGroupsWhole()
    {
        for (int first = 0; first < Run.EntryCount; first += HistoryIndexFormat.GroupCount)
        {
            int length = HistoryIndexFormat.GroupLength(Math.Min(HistoryIndexFormat.GroupCount, Run.EntryCount - first));
            if (!HistoryIndexFormat.IsWhole(_entries.Slice((int)HistoryIndexFormat.OffsetOf(first), length)))
                return false;
        }

        return true;
    }

    private readonly bool AreChangesAscending()
    {
        int last = -1;
        for (int i = 0; i < Run.ChangeCount; i++)
        {
            if (ChangeAt(i) <= last)
                return false;
            last = ChangeAt(i);
        }

        return last < Run.EntryCount && (Run.Index > 0 || (Run.ChangeCount > 0 && ChangeAt(0) == 0));
    }
}
