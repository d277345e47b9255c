using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace P2PDB.Engine.Sql;

// The words are packed, upper-cased, into three 64-bit numbers (first eight bytes, last eight, eight from the ninth), which name any keyword of up to 24
// bytes exactly. They hash into an open-addressed table at a quarter load, built once from the names of the enum: a look-up is a
// multiplication, mostly one probe and no allocation.

/// <summary>Finds the keyword a word spells, in any case.</summary>
internal static class KeywordTable
{
    private const int SlotCount = 4096;
    private const int LengthMax = 24;
    private const ulong UpperMask = 0xDFDF_DFDF_DFDF_DFDF;

    private static readonly Slot[] Slots = Build();

    /// <summary>The keyword, or None. Words with a character beyond ASCII are never keywords.</summary>
    public static Keyword Find(ReadOnlySpan<byte> word)
    {
        if ((uint)(word.Length - 2) > LengthMax - 2)
            return Keyword.None;

        Slot wanted = Pack(word);
        for (int i = Place(wanted); ; i = (i + 1) & (SlotCount - 1))
        {
            ref readonly Slot slot = ref Slots[i];
            if (slot.Keyword == Keyword.None)
                return Keyword.None;
            if (slot.First == wanted.First && slot.Last == wanted.Last && slot.Middle == wanted.Middle && slot.Length == wanted.Length)
                return slot.Keyword;
        }
    }

    /// <summary>True where the word cannot be an identifier without quotes.</summary>
    public static bool IsReserved(Keyword keyword) => keyword is not Keyword.None and <= Keyword.ZEROFILL;

    // Clearing bit 5 upper-cases letters and maps no two bytes that a word can hold onto each other, except within the bytes beyond ASCII.
    private static Slot Pack(ReadOnlySpan<byte> word)
    {
        if (word.Length >= 8)
        {
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(word) & UpperMask;
            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(word[^8..]) & UpperMask;
            ulong middle = word.Length > 16 ? BinaryPrimitives.ReadUInt64LittleEndian(word[8..]) & UpperMask : 0;
            return new Slot(first, last, middle, word.Length, Keyword.None);
        }

        ulong packed = 0;
        for (int i = 0; i < word.Length; i++)
            packed |= (ulong)(word[i] & 0xDF) << (8 * i);
        return new Slot(packed, 0, 0, word.Length, Keyword.None);
    }

    private static int Place(in Slot slot)
    {
        ulong mixed = unchecked((slot.First ^ BitOperations.RotateLeft(slot.Last, 23) ^ slot.Middle ^ (ulong)slot.Length) * 0x9E37_79B9_7F4A_7C15);
        return (int)(mixed >> 52);
    }

    private static Slot[] Build()
    {
        var slots = new Slot[SlotCount];
        string[] names = Enum.GetNames<Keyword>();
        Keyword[] values = Enum.GetValues<Keyword>();
        for (int i = 0; i < names.Length; i++)
        {
            if (values[i] == Keyword.None)
                continue;
            Slot slot = Pack(Encoding.ASCII.GetBytes(names[i])) with { Keyword = values[i] };
            int place = Place(slot);
            while (slots[place].Keyword != Keyword.None)
                place = (place + 1) & (SlotCount - 1);
            slots[place] = slot;
        }

        return slots;
    }

    private readonly record struct Slot(ulong First, ulong Last, ulong Middle, int Length, Keyword Keyword);
}
