using System.Buffers.Binary;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statistics;

/// <summary>
/// Takes a sample of a table's rows: all of a small table, else rows near random places in the range of its keys. Where the keys lie
/// too unevenly for that, every so-manieth row of a walk.
/// </summary>
internal sealed class TableSampler
{
    /// <summary>Rows walked at most where keys lie unevenly: some milliseconds.</summary>
    private const long WalkedCountMax = 100_000;

    /// <summary>Rows walked on at most from a place, so that neighbours are sampled as often as they are.</summary>
    private const int StepCountMax = 16;

    /// <summary>The same data gives the same sample, and the same plans.</summary>
    private const int DiceSeed = 1;

    private readonly TableSchema _table;
    private readonly MergedCursor _cursor;
    private readonly RowBatch _sample;
    private readonly Random _dice = new(DiceSeed);

    private TableSampler(TableSchema table, MergedCursor cursor)
    {
        _table = table;
        _cursor = cursor;
        var columns = new ColumnVector[table.Columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            SqlType type = table.Columns[i].Type;
            columns[i] = new ColumnVector(type, TableStatistics.IsSampled(type) ? RowBatch.RowCountMax : 1);
        }

        _sample = new RowBatch(columns);
    }

    /// <summary>Takes a sample of a table of about <paramref name="count"/> rows.</summary>
    public static TableStatistics Take(StoreSnapshot snapshot, TableSchema table, long count)
    {
        var view = new ReadView();
        view.Open(snapshot, null);
        using MergedCursor cursor = view.OpenCursor(table.RowTree, null);
        var sampler = new TableSampler(table, cursor);
        if (count <= RowBatch.RowCountMax)
            sampler.Walk(1);
        else if (!sampler.TryLeap())
            sampler.Walk((int)Math.Min(count, WalkedCountMax) / RowBatch.RowCountMax);
        return new TableStatistics(table, Math.Max(count, sampler._sample.RowCount), sampler._sample);
    }

    /// <summary>Takes every row, or one of about so many: not exactly, lest the data have the same rhythm.</summary>
    private void Walk(int stride)
    {
        _sample.Reset();
        int left = 0;
        for (bool found = _cursor.SeekFirst(); found && _sample.RowCount < RowBatch.RowCountMax; found = _cursor.Next())
        {
            if (left-- > 0)
                continue;
            TakeRow();
            left = stride == 1 ? 0 : _dice.Next((2 * stride) - 1);
        }
    }

    /// <summary>Seeks random keys between the first and the last; false where less than half of them met a row of its own.</summary>
    private bool TryLeap()
    {
        if (!_cursor.SeekFirst())
            return true;
        byte[] first = _cursor.Key.ToArray();
        _cursor.SeekLast();
        byte[] last = _cursor.Key.ToArray();
        int shared = first.AsSpan().CommonPrefixLength(last);
        ulong low = WordAt(first, shared);
        ulong range = WordAt(last, shared) - low;
        byte[] key = new byte[shared + sizeof(ulong)];
        first.AsSpan(0, shared).CopyTo(key);
        HashSet<int> met = [];
        for (int i = 0; i < RowBatch.RowCountMax; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(shared), low + (ulong)_dice.NextInt64((long)(range >> 1) + 1) * 2);

            // A few rows on: else the first of several rows with one leading column would stand for all of them.
            bool found = _cursor.SeekGe(key);
            for (int step = _dice.Next(StepCountMax); found && step > 0; step--)
                found = _cursor.Next();
            if (!found)
                continue;
            var hash = new HashCode();
            hash.AddBytes(_cursor.Key);
            if (met.Add(hash.ToHashCode()))
                TakeRow();
        }

        return _sample.RowCount >= RowBatch.RowCountMax / 2;
    }

    private void TakeRow()
    {
        if (!ReadView.TryOpenRow(_table, _cursor, out RowView row))
            return;
        for (int i = 0; i < _table.Columns.Length; i++)
        {
            if (TableStatistics.IsSampled(_table.Columns[i].Type))
                row.CopyTo(i, _sample.Column(i), _sample.RowCount);
        }

        _sample.RowCount++;
    }

    private static ulong WordAt(byte[] key, int start)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        int length = Math.Min(sizeof(ulong), key.Length - start);
        key.AsSpan(start, length).CopyTo(word);
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
