using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// The answers of a correlated query in one execution by the values that it read: all that it can depend on. Values are told apart by
/// their bytes, not by a collation, since the query may do anything with them.
/// </summary>
internal sealed class SubqueryMemo(OuterColumnExpression[] reads)
{
    /// <summary>Answers kept at most: where there are more different rows than that, one is hardly asked for twice.</summary>
    private const int AnswerCountMax = 1 << 14;

    private readonly KeyTable _keys = new();
    private readonly List<SqlValue> _answers = [];
    private readonly ByteWriter _key = new();

    /// <summary>Forgets all answers.</summary>
    public void Clear()
    {
        _keys.Clear();
        _answers.Clear();
    }

    /// <summary>The answer for the rows that enclosing blocks stand at, and for a row of values that the query is compared with.</summary>
    public bool TryFind(ReadOnlySpan<ColumnVector> compared, int row, out SqlValue answer)
    {
        _key.Clear();
        foreach (OuterColumnExpression column in reads)
            Append(column.Vector, column.Outer.Row);
        foreach (ColumnVector column in compared)
            Append(column, row);
        int number = _keys.Find(_key.Written);
        answer = number >= 0 ? _answers[number] : default;
        return number >= 0;
    }

    /// <summary>Adds the answer that the last <see cref="TryFind"/> did not find.</summary>
    public void Add(SqlValue answer)
    {
        if (_answers.Count == AnswerCountMax)
            return;
        _keys.GetOrAdd(_key.Written, out _);
        _answers.Add(answer);
    }

    private void Append(ColumnVector vector, int row)
    {
        bool isNull = vector.IsNull(row);
        _key.WriteByte(isNull ? (byte)0 : (byte)1);
        switch (vector.Physical)
        {
            case var _ when isNull:
                break;
            case PhysicalKind.Bytes:
                ReadOnlySpan<byte> bytes = vector.GetBytes(row);
                _key.WriteVarint((ulong)bytes.Length);
                _key.Write(bytes);
                break;
            case PhysicalKind.Double:
                _key.WriteUInt64(BitConverter.DoubleToUInt64Bits(vector.GetDouble(row)));
                break;
            default:
                KeyEncoder.Append(_key, vector, row);
                break;
        }
    }
}
