using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>The rows of one partition in order, and which of them are peers: equal in the order.</summary>
internal sealed class WindowPartition
{
    private readonly WindowNode _node;
    private readonly RowStore _rows;
    private readonly int[] _columns;
    private readonly ByteWriter _key = new();
    private readonly ByteWriter _lastKey = new();
    private readonly List<int> _peerStarts = [];
    private readonly List<int> _peerOf = [];

    public WindowPartition(WindowNode node)
    {
        _node = node;
        _rows = new RowStore(node.InputTypes);
        _columns = new int[node.InputTypes.Length];
        for (int i = 0; i < _columns.Length; i++)
            _columns[i] = i;
    }

    /// <summary>Rows taken.</summary>
    public int Count => _rows.Count;

    /// <summary>Bytes that they take.</summary>
    public long HeldLength => _rows.HeldLength + (sizeof(int) * ((long)_peerOf.Count + _peerStarts.Count));

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _rows.Clear();
        _peerStarts.Clear();
        _peerOf.Clear();
    }

    /// <summary>Adds the next row.</summary>
    public void Add(RowBatch batch, int row)
    {
        _key.Clear();
        int first = _node.InputSlots.Length + _node.PartitionCount;
        for (int i = 0; i < _node.OrderCount; i++)
            KeyEncoder.Append(_key, batch.Column(first + i), row);
        if (_rows.Count == 0 || !_key.Written.SequenceEqual(_lastKey.Written))
        {
            _peerStarts.Add(_rows.Count);
            _lastKey.Clear();
            _lastKey.Write(_key.Written);
        }

        _peerOf.Add(_peerStarts.Count - 1);
        _rows.Add(batch, row, _columns);
    }

    /// <summary>Says that all rows are there.</summary>
    public void End() => _peerStarts.Add(_rows.Count);

    /// <summary>How many different values of the order come before a row's.</summary>
    public int PeerNumber(int row) => _peerOf[row];

    /// <summary>The first of a row's peers.</summary>
    public int PeerStart(int row) => _peerStarts[_peerOf[row]];

    /// <summary>The row after the last of a row's peers.</summary>
    public int PeerEnd(int row) => _peerStarts[_peerOf[row] + 1];

    /// <summary>The vector that has a column of a row, and the row's place in it.</summary>
    public ColumnVector Vector(int column, int row, out int place) => _rows.Vector(row, column, out place);

    /// <summary>The batch that has a row, and the row's place in it.</summary>
    public RowBatch BatchOf(int row, out int place) => _rows.ChunkOf(row, out place);

    /// <summary>Copies some columns of a row to slots of a batch.</summary>
    public void CopyTo(int row, RowBatch target, int targetRow, ReadOnlySpan<int> columns, ReadOnlySpan<int> slots)
    {
        RowBatch batch = _rows.ChunkOf(row, out int place);
        for (int i = 0; i < columns.Length; i++)
            target.Column(slots[i]).CopyRow(batch.Column(columns[i]), place, targetRow);
    }
}
