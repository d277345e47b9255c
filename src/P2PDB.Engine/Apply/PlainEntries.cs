// Nothing reads the trees of plain indexes while a write is under way. So what a write does to them waits, and is done tree by
// tree in the order of the keys: keys that lie together are put one after another into a leaf that was found once. Else the
// descents to leaves here and there are half of what a write of thousands of rows takes; for one of a few rows nothing changes.
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Memory;

namespace P2PDB.Engine.Apply;

/// <summary>Entries of plain indexes that the write under way still has to put or remove; see the prose above. Reusable; used by one thread.</summary>
internal sealed class PlainEntries
{
    /// <summary>Bytes that wait at most, about.</summary>
    private const int LengthMax = 8 << 20;

    /// <summary>Bytes that an entry takes beside its key.</summary>
    private const int EntryLength = 40;

    /// <summary>What is kept of the memory of a large write.</summary>
    private const int KeptLength = 1 << 20;

    /// <summary>So few are not worth sorting.</summary>
    private const int SortedMin = 16;

    private readonly Comparison<Entry> _order;
    private List<Entry> _entries = [];
    private byte[] _keys = new byte[1024];
    private int _keysLength;

    public PlainEntries() => _order = Compare;

    /// <summary>True when it is time to <see cref="MoveTo"/> the trees.</summary>
    public bool IsFull => _keysLength + (EntryLength * _entries.Count) >= LengthMax;

    /// <summary>Notes an entry to put, or to remove. Its key is in two pieces; its value follows from the length of the first.</summary>
    public void Add(TreeId tree, ReadOnlySpan<byte> indexKey, ReadOnlySpan<byte> primaryKey, EntryChange change)
    {
        int length = indexKey.Length + primaryKey.Length;
        if (_keys.Length - _keysLength < length)
            Array.Resize(ref _keys, Math.Max(_keys.Length * 2, _keysLength + length));
        Span<byte> key = _keys.AsSpan(_keysLength, length);
        indexKey.CopyTo(key);
        primaryKey.CopyTo(key[indexKey.Length..]);
        _entries.Add(new Entry(tree, TreeSlot.HeadOf(key), _keysLength, length, indexKey.Length, _entries.Count, change));
        _keysLength += length;
    }

    /// <summary>Puts and removes what waits.</summary>
    public void MoveTo(StoreWriter writer)
    {
        Span<Entry> entries = CollectionsMarshal.AsSpan(_entries);
        if (entries.Length >= SortedMin)
            entries.Sort(_order);
        Span<byte> value = stackalloc byte[8];
        for (int i = 0; i < entries.Length; i++)
        {
            Entry entry = entries[i];
            ReadOnlySpan<byte> key = KeyOf(entry);
            if (entry.Change == EntryChange.Remove)
            {
                writer.Delete(entry.Tree, key);
                continue;
            }

            int length = Catalog.IndexEntry.WriteValue(value, entry.IndexKeyLength, isHidden: entry.Change == EntryChange.PutHidden);
            writer.Put(entry.Tree, key, value[..length]);
        }

        Clear();
    }

    /// <summary>Forgets what waits: its write was abandoned.</summary>
    public void Clear()
    {
        _entries.Clear();
        _keysLength = 0;
        if (_keys.Length + (EntryLength * _entries.Capacity) <= KeptLength)
            return;
        _keys = new byte[1024];
        _entries = [];
    }

    private ReadOnlySpan<byte> KeyOf(in Entry entry) => _keys.AsSpan(entry.Start, entry.Length);

    private int Compare(Entry left, Entry right)
    {
        if (left.Tree != right.Tree)
            return left.Tree.Value.CompareTo(right.Tree.Value);
        int order = left.Head.CompareTo(right.Head);
        if (order == 0)
            order = KeyOf(left).SequenceCompareTo(KeyOf(right));
        return order != 0 ? order : left.Turn.CompareTo(right.Turn);
    }

    /// <param name="Tree">The index's tree.</param>
    /// <param name="Head">What the key begins with, to be compared first.</param>
    /// <param name="Start">Where the key lies.</param>
    /// <param name="Length">Length of the key.</param>
    /// <param name="IndexKeyLength">Length of the index key in it.</param>
    /// <param name="Turn">Of one key the last change counts.</param>
    /// <param name="Change">What becomes of the entry.</param>
    private readonly record struct Entry(
        TreeId Tree, ulong Head, int Start, int Length, int IndexKeyLength, int Turn, EntryChange Change);
}
