namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>A growing array with one element per group, new ones at their default. Keeps its memory across resets.</summary>
internal struct GroupedArray<T>
{
    private T[] _items;
    private int _count;

    public GroupedArray() => _items = [];

    public readonly ref T this[int group] => ref _items[group];

    public readonly int Count => _count;

    public void Ensure(int count)
    {
        if (count > _items.Length)
            Array.Resize(ref _items, Math.Max(count, Math.Max(16, _items.Length * 2)));
        _count = Math.Max(_count, count);
    }

    public void Reset()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }
}
