namespace P2PDB.Engine.Execution.Spilling;

/// <summary>Merges sorted runs: a heap of their readers by the key that each is at. Of equal keys that of the earlier run is first.</summary>
internal sealed class SortMerge : IDisposable
{
    private readonly SpillReader[] _readers;
    private readonly int[] _heap;
    private int _count;
    private bool _hasGiven;

    /// <summary>Begins before the first row.</summary>
    public SortMerge(SpillFile file, List<SpillStretch> runs)
    {
        _readers = new SpillReader[runs.Count];
        _heap = new int[runs.Count];
        for (int i = 0; i < runs.Count; i++)
            _readers[i] = new SpillReader(file, runs[i]);
    }

    /// <summary>The reader that is at the next row; null at the end.</summary>
    public SpillReader? Next()
    {
        if (!_hasGiven)
            Start();
        else if (_readers[_heap[0]].Read())
            SiftDown(0);
        else
            RemoveFirst();
        return _count > 0 ? _readers[_heap[0]] : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SpillReader reader in _readers)
            reader.Dispose();
    }

    private void Start()
    {
        _hasGiven = true;
        for (int i = 0; i < _readers.Length; i++)
        {
            if (_readers[i].Read())
                _heap[_count++] = i;
        }

        for (int i = (_count / 2) - 1; i >= 0; i--)
            SiftDown(i);
    }

    private void RemoveFirst()
    {
        if (_count == 0)
            return;
        _heap[0] = _heap[--_count];
        SiftDown(0);
    }

    private void SiftDown(int place)
    {
        int run = _heap[place];
        while (true)
        {
            int child = (2 * place) + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], run))
                break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = run;
    }

    private bool IsBefore(int left, int right)
    {
        int order = _readers[left].Key.SequenceCompareTo(_readers[right].Key);
        return order != 0 ? order < 0 : left < right;
    }
}
