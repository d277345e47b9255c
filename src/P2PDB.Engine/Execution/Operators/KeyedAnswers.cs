using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>The answers of a <see cref="KeyedQuery"/> in one execution, by key. A key that has several is an error only where it is asked for.</summary>
internal sealed class KeyedAnswers(KeyedQuery query, SqlType? answerType, Operator source)
{
    private readonly RowStore _answers = new(answerType is { } type ? [type] : []);
    private readonly int[] _answerColumn = answerType is null ? [] : [query.InnerKeys.Length];
    private readonly KeyTable _keys = new();
    private readonly List<bool> _areSeveral = [];
    private readonly ByteWriter _key = new();
    private MemoryHold _memory;

    /// <summary>Runs the query.</summary>
    public void Fill(StatementContext context)
    {
        Clear();
        try
        {
            source.Open(context);
            while (source.Next() is { } batch)
            {
                context.ThrowIfStopped();
                ReadOnlySpan<ColumnVector> keys = context.Evaluation.RentAll(query.InnerKeys, batch);
                for (int i = 0; i < batch.SelectedCount; i++)
                {
                    int row = batch.RowAt(i);
                    if (!TryEncode(keys, row))
                        continue;
                    int number = _keys.GetOrAdd(_key.Written, out bool isNew);
                    if (isNew)
                    {
                        _areSeveral.Add(false);
                        _answers.Add(batch, row, _answerColumn);
                    }
                    else
                    {
                        _areSeveral[number] = true;
                    }
                }

                context.Evaluation.Return(query.InnerKeys.Length);
                _memory.Set(context, _keys.HeldLength + _answers.HeldLength);
            }
        }
        finally
        {
            source.Close();
        }
    }

    /// <summary>Forgets all answers.</summary>
    public void Clear()
    {
        _keys.Clear();
        _answers.Clear();
        _areSeveral.Clear();
    }

    /// <summary>The number of a row's key, or -1; <paramref name="keys"/> are the values of the query's outer keys.</summary>
    public int Find(ReadOnlySpan<ColumnVector> keys, int row) => TryEncode(keys, row) ? _keys.Find(_key.Written) : -1;

    /// <summary>Gives a row the answer with a number; error 1242 where there are several.</summary>
    public void CopyTo(int number, ColumnVector result, int row)
    {
        if (_areSeveral[number])
            throw SqlErrors.SubqueryMoreThanOneRow().ToException();
        result.CopyRow(_answers.Vector(number, 0, out int place), place, row);
    }

    private bool TryEncode(ReadOnlySpan<ColumnVector> keys, int row)
    {
        _key.Clear();
        foreach (ColumnVector key in keys)
        {
            if (key.IsNull(row))
                return false;
            KeyEncoder.Append(_key, key, row);
        }

        return true;
    }
}
