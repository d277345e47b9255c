using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// A hash table of byte keys, each with the number it was added under: 0, 1, 2 … Groups, distinct rows and the built side
/// of a join are found by their memcomparable keys, so that equal under a collation is equal here.
/// </summary>
internal sealed class KeyTable
{
    private const int SlotCountMin = 64;

    private byte[] _bytes = new byte[1024];
    private int[] _slots = new int[SlotCountMin];    // number + 1, or 0
    private uint[] _hashes = new uint[32];
    private long[] _places = new long[32];          // offset in the high half, length in the low one
    private int _bytesUsed;

    /// <summary>Keys held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the keys take.</summary>
    public long HeldLength => Count == 0 ? 0 : _bytes.Length + (4L * _slots.Length) + (12L * _hashes.Length);

    /// <summary>Forgets all keys and keeps the memory, unless there is much of it.</summary>
    public void Clear()
    {
        Count = 0;
        _bytesUsed = 0;
        if (_slots.Length > 1 << 16)
            _slots = new int[SlotCountMin];
        else
            _slots.AsSpan().Clear();
        if (_bytes.Length > 1 << 22)
            _bytes = new byte[1024];
    }

    /// <summary>The number of a key, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        uint hash = Hash(key);
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            int number = _slots[slot] - 1;
            if (number < 0 || (_hashes[number] == hash && KeyAt(number).SequenceEqual(key)))
                return number;
        }
    }

    /// <summary>The number of a key, added if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> key, out bool isNew)
    {
        uint hash = Hash(key);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; ; slot = (slot + 1) & mask)
        {
            int number = _slots[slot] - 1;
            if (number < 0)
                break;
            if (_hashes[number] == hash && KeyAt(number).SequenceEqual(key))
            {
                isNew = false;
                return number;
            }
        }

        isNew = true;
        if (_bytes.Length - _bytesUsed < key.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytesUsed + key.Length, 2L * _bytes.Length), Array.MaxLength));
        key.CopyTo(_bytes.AsSpan(_bytesUsed));
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, 2 * Count);
            Array.Resize(ref _places, 2 * Count);
        }

        _hashes[Count] = hash;
        _places[Count] = ((long)_bytesUsed << 32) | (uint)key.Length;
        _bytesUsed += key.Length;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length)
            Grow();
        return Count - 1;
    }

    /// <summary>The key with a number; valid until the next addition.</summary>
    public ReadOnlySpan<byte> KeyAt(int number) => _bytes.AsSpan((int)(_places[number] >> 32), (int)_places[number]);

    private static uint Hash(ReadOnlySpan<byte> key) => (uint)KeyHash.Of(0, key);

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int number = 0; number < Count; number++)
        {
            int slot = (int)_hashes[number] & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = number + 1;
        }
    }
}
