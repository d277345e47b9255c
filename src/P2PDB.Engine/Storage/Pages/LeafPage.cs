// A leaf, behind the common header:
//
//  16  u16  prefix length: bytes that all keys of the page's range begin with, stored once
//  18  u16  heap start: records lie from here to the end of the page
//  20  u16  garbage: bytes of the heap that no slot leads to
//  22  u16  0
//  24       the prefix, then (at the next multiple of eight) the slots, eight bytes each, ordered by key (LeafSlot)
//           … free …
//           the heap: records, each the key behind the prefix, u16 length and kind of the value, the value
//
// A value's u16 is its length; with the top bit set the twelve bytes that follow lead to a long value (LongValue).
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>
/// A leaf page, over its image: records ordered by key. Keys that are passed in are whole; they begin with the page's
/// prefix, because the tree leads no others here.
/// </summary>
internal readonly ref struct LeafPage(Span<byte> image)
{
    /// <summary>Most bytes of key and value that a record has in itself; beyond it the value becomes a long one.</summary>
    public const int InlineLengthMax = 4000;

    /// <summary>Bytes that lead to a long value: u32 length, u64 first page.</summary>
    public const int LongReferenceLength = 12;

    private const int PrefixStart = 24;
    private const int SlotLength = 8;
    private const ushort LongFlag = 0x8000;

    private readonly Span<byte> _image = image;

    /// <summary>Number of records.</summary>
    public int Count => PageFormat.Count(_image);

    /// <summary>What all keys here begin with.</summary>
    public ReadOnlySpan<byte> Prefix => _image.Slice(PrefixStart, PrefixLength);

    /// <summary>Bytes that records and slots take.</summary>
    public int UsedLength => (Count * SlotLength) + PageFormat.ImageLength - HeapStart - Garbage;

    private int PrefixLength => BinaryPrimitives.ReadUInt16LittleEndian(_image[16..]);

    private int HeapStart
    {
        get => BinaryPrimitives.ReadUInt16LittleEndian(_image[18..]);
        set => BinaryPrimitives.WriteUInt16LittleEndian(_image[18..], (ushort)value);
    }

    private int Garbage
    {
        get => BinaryPrimitives.ReadUInt16LittleEndian(_image[20..]);
        set => BinaryPrimitives.WriteUInt16LittleEndian(_image[20..], (ushort)value);
    }

    private int SlotsStart => (PrefixStart + PrefixLength + 7) & ~7;

    private Span<LeafSlot> Slots => MemoryMarshal.Cast<byte, LeafSlot>(_image.Slice(SlotsStart, Count * SlotLength));

    /// <summary>One slot, without a view of all: for readers.</summary>
    private LeafSlot SlotAt(int index) => MemoryMarshal.Read<LeafSlot>(_image[(SlotsStart + (index * SlotLength))..]);

    private int FreeLength => HeapStart - SlotsStart - (Count * SlotLength);

    /// <summary>Makes the image an empty leaf.</summary>
    public static void Create(Span<byte> image, long page, ReadOnlySpan<byte> prefix)
    {
        PageFormat.Begin(image, PageKind.Leaf, page);
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], (ushort)prefix.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(image[18..], PageFormat.ImageLength);
        BinaryPrimitives.WriteUInt32LittleEndian(image[20..], 0);
        prefix.CopyTo(image[PrefixStart..]);
    }

    /// <summary>True where all that an image leads to lies within it: of an image whose checksum holds, which anything may have written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> image)
    {
        int prefixLength = BinaryPrimitives.ReadUInt16LittleEndian(image[16..]);
        int heapStart = BinaryPrimitives.ReadUInt16LittleEndian(image[18..]);
        int garbage = BinaryPrimitives.ReadUInt16LittleEndian(image[20..]);
        int slotsStart = (PrefixStart + prefixLength + 7) & ~7;
        int count = PageFormat.Count(image);
        if (slotsStart + (count * SlotLength) > heapStart || heapStart > PageFormat.ImageLength)
            return false;

        int used = 0;
        foreach (LeafSlot slot in MemoryMarshal.Cast<byte, LeafSlot>(image.Slice(slotsStart, count * SlotLength)))
        {
            int value = slot.Offset + slot.KeyLength;
            if (slot.Offset < heapStart || value + sizeof(ushort) > PageFormat.ImageLength
                || slot.Head != HeadOf(image.Slice(slot.Offset, slot.KeyLength)))
            {
                return false;
            }

            int stated = BinaryPrimitives.ReadUInt16LittleEndian(image[value..]);
            int length = stated & ~LongFlag;
            if (value + sizeof(ushort) + length > PageFormat.ImageLength || (stated != length && length != LongReferenceLength))
                return false;
            used += RecordLength(slot.KeyLength, length);
        }

        return used + garbage == PageFormat.ImageLength - heapStart;
    }

    /// <summary>The key of a record behind the prefix.</summary>
    public ReadOnlySpan<byte> SuffixAt(int index)
    {
        LeafSlot slot = SlotAt(index);
        return _image.Slice(slot.Offset, slot.KeyLength);
    }

    /// <summary>The value of a record; with <paramref name="isLong"/> what leads to it.</summary>
    public ReadOnlySpan<byte> ValueAt(int index, out bool isLong)
    {
        LeafSlot slot = SlotAt(index);
        int start = slot.Offset + slot.KeyLength;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_image[start..]);
        isLong = (length & LongFlag) != 0;
        return _image.Slice(start + sizeof(ushort), length & ~LongFlag);
    }

    /// <summary>Asks the processor for a record's first bytes, without waiting for them.</summary>
    // SAFETY: a prefetch reads nothing and never faults, so it does no harm that the record may end sooner.
    public unsafe void Prefetch(int index)
    {
        if (!Sse.IsSupported)
            return;
        // SAFETY: a prefetch reads nothing and never faults, wherever the record may lie.
        byte* record = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_image)) + SlotAt(index).Offset;
        Sse.Prefetch0(record);
        Sse.Prefetch0(record + 64);
        Sse.Prefetch0(record + 128);
    }

    /// <summary>How many of the records lie before a key, which may be any.</summary>
    public int CountBefore(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> prefix = Prefix;
        int order = prefix.SequenceCompareTo(key[..Math.Min(prefix.Length, key.Length)]);
        return order < 0 ? Count : order > 0 ? 0 : LowerBound(key, out _);
    }

    /// <summary>Copies the whole key of a record; returns its length.</summary>
    public int CopyKey(int index, Span<byte> target)
    {
        ReadOnlySpan<byte> suffix = SuffixAt(index);
        Prefix.CopyTo(target);
        suffix.CopyTo(target[PrefixLength..]);
        return PrefixLength + suffix.Length;
    }

    /// <summary>First record whose key is at or after the key; <see cref="Count"/> when none is.</summary>
    public int LowerBound(ReadOnlySpan<byte> key, out bool isEqual)
    {
        ReadOnlySpan<byte> suffix = key[PrefixLength..];
        uint head = HeadOf(suffix);
        ReadOnlySpan<LeafSlot> slots = Slots;
        int low = 0, high = slots.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            uint other = slots[middle].Head;
            int order = other != head ? other.CompareTo(head)
                : _image.Slice(slots[middle].Offset, slots[middle].KeyLength).SequenceCompareTo(suffix);
            if (order == 0)
            {
                isEqual = true;
                return middle;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        isEqual = false;
        return low;
    }

    /// <summary>
    /// Adds a record at the index that <see cref="LowerBound"/> gave; false, nothing changed, when it does not fit.
    /// <paramref name="scratch"/> is an image's length of memory for tidying up.
    /// </summary>
    public bool TryInsert(int index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isLong, Span<byte> scratch)
    {
        ReadOnlySpan<byte> suffix = key[PrefixLength..];
        int length = SlotLength + RecordLength(suffix.Length, value.Length);
        if (FreeLength < length)
        {
            if (FreeLength + Garbage < length)
                return false;
            Tidy(scratch);
        }

        Insert(index, default, suffix, value, isLong);
        return true;
    }

    /// <summary>Replaces the value of a record; false, nothing changed, when it does not fit.</summary>
    public bool TryReplace(int index, ReadOnlySpan<byte> value, bool isLong, Span<byte> scratch)
    {
        LeafSlot slot = Slots[index];
        int oldLength = ValueAt(index, out _).Length;
        if (value.Length <= oldLength)
        {
            WriteValue(slot.Offset + slot.KeyLength, value, isLong);
            Garbage += oldLength - value.Length;
            return true;
        }

        int length = RecordLength(slot.KeyLength, value.Length);
        int freed = RecordLength(slot.KeyLength, oldLength);
        if (FreeLength >= length)
        {
            Garbage += freed;
            slot.Offset = (ushort)Store(default, _image.Slice(slot.Offset, slot.KeyLength), value, isLong);
            Slots[index] = slot;
            return true;
        }

        if (FreeLength + Garbage + freed < length)
            return false;

        // All records are written anew, this one with its new value: its key lies in the copy.
        LeafPage old = BeginAnew(scratch);
        for (int i = 0; i < old.Count; i++)
        {
            ReadOnlySpan<byte> kept = old.ValueAt(i, out bool isKeptLong);
            if (i == index)
                Insert(i, default, old.SuffixAt(i), value, isLong);
            else
                Insert(i, default, old.SuffixAt(i), kept, isKeptLong);
        }

        return true;
    }

    /// <summary>Removes a record.</summary>
    public void RemoveAt(int index)
    {
        int count = Count;
        Garbage += RecordLength(Slots[index].KeyLength, ValueAt(index, out _).Length);
        Span<byte> slots = _image.Slice(SlotsStart, count * SlotLength);
        slots[((index + 1) * SlotLength)..].CopyTo(slots[(index * SlotLength)..]);
        PageFormat.SetCount(_image, count - 1);
    }

    /// <summary>
    /// Adds a range of another leaf's records at the end; false, and only some added, when they do not fit. All their keys
    /// begin with this page's prefix.
    /// </summary>
    public bool TryAppend(LeafPage source, int from, int to)
    {
        ReadOnlySpan<byte> sourcePrefix = source.Prefix;
        int cut = Math.Max(PrefixLength - sourcePrefix.Length, 0);
        ReadOnlySpan<byte> first = sourcePrefix[Math.Min(PrefixLength, sourcePrefix.Length)..];
        for (int i = from; i < to; i++)
        {
            ReadOnlySpan<byte> second = source.SuffixAt(i)[cut..];
            ReadOnlySpan<byte> value = source.ValueAt(i, out bool isLong);
            if (FreeLength < SlotLength + RecordLength(first.Length + second.Length, value.Length))
                return false;
            Insert(Count, first, second, value, isLong);
        }

        return true;
    }

    /// <summary>The index that divides the records into two halves of about the same bytes; both have at least one of two.</summary>
    public int MiddleByLength()
    {
        int half = UsedLength / 2, sum = 0, count = Count;
        for (int i = 0; i < count - 1; i++)
        {
            sum += SlotLength + RecordLength(Slots[i].KeyLength, ValueAt(i, out _).Length);
            if (sum >= half)
                return i + 1;
        }

        return count - 1;
    }

    private static int RecordLength(int keyLength, int valueLength) => keyLength + sizeof(ushort) + valueLength;

    private static uint HeadOf(ReadOnlySpan<byte> suffix)
    {
        if (suffix.Length >= sizeof(uint))
            return BinaryPrimitives.ReadUInt32BigEndian(suffix);
        uint head = 0;
        for (int i = 0; i < suffix.Length; i++)
            head |= (uint)suffix[i] << (24 - (8 * i));
        return head;
    }

    /// <summary>Copies the image away and empties it but for its prefix; returns the copy.</summary>
    private LeafPage BeginAnew(Span<byte> scratch)
    {
        _image.CopyTo(scratch);
        PageFormat.SetCount(_image, 0);
        HeapStart = PageFormat.ImageLength;
        Garbage = 0;
        return new LeafPage(scratch[.._image.Length]);
    }

    private void Tidy(Span<byte> scratch)
    {
        LeafPage old = BeginAnew(scratch);
        bool isWhole = TryAppend(old, 0, old.Count);
        Invariant.Check(isWhole, "a page's own records fit into it");
    }

    /// <summary>Adds a record whose key behind the prefix comes in two pieces; there is room.</summary>
    private void Insert(int index, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> value, bool isLong)
    {
        int count = Count;
        Span<byte> slots = _image.Slice(SlotsStart, (count + 1) * SlotLength);
        slots[(index * SlotLength)..(count * SlotLength)].CopyTo(slots[((index + 1) * SlotLength)..]);
        PageFormat.SetCount(_image, count + 1);
        int keyLength = first.Length + second.Length;
        int offset = Store(first, second, value, isLong);
        Slots[index] = new LeafSlot
        {
            Head = HeadOf(_image.Slice(offset, keyLength)),
            Offset = (ushort)offset,
            KeyLength = (ushort)keyLength,
        };
    }

    /// <summary>Puts a record's bytes at the front of the heap, where there is room, and returns their position.</summary>
    private int Store(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> value, bool isLong)
    {
        int keyLength = first.Length + second.Length;
        int offset = HeapStart - RecordLength(keyLength, value.Length);
        HeapStart = offset;
        first.CopyTo(_image[offset..]);
        second.CopyTo(_image[(offset + first.Length)..]);
        WriteValue(offset + keyLength, value, isLong);
        return offset;
    }

    private void WriteValue(int position, ReadOnlySpan<byte> value, bool isLong)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_image[position..], (ushort)(value.Length | (isLong ? LongFlag : 0)));
        value.CopyTo(_image[(position + sizeof(ushort))..]);
    }
}
