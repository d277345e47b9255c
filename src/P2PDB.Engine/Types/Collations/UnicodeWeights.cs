using System.Buffers.Binary;
using System.Collections.Frozen;

namespace P2PDB.Engine.Types.Collations;

// The frozen table of primary weights, UCA 13.0, from the embedded uca-primary-13.bin:
//    0  4 bytes "P2UC"; u32 version (1), pages, contractions, pool length
//   20  u16 for each of 4352 blocks of 256 code points: 0 absent, else page number + 1
//       pages: 256 u32 entries each; contractions: 3 u32 code points (0 = none), u32 entry; pool: u16 weights
// An entry is 0 (no weight: implicit), 0xFFFF0000 (ignored), a weight, or 0x80000000 | length << 20 | pool index.
internal static class UnicodeWeights
{
    /// <summary>Entry of a character that has no weight at all.</summary>
    public const uint Ignored = 0xFFFF0000;

    private const int BlockCount = 0x110000 >> 8;

    private static readonly ushort[] BlockPages = new ushort[BlockCount];
    private static readonly uint[] Entries = Load(out Pool, out Contractions, out Starters);
    private static readonly ushort[] Pool;
    private static readonly FrozenDictionary<(int, int, int), uint> Contractions;
    private static readonly FrozenSet<int> Starters;

    /// <summary>The weight of a blank, with which PAD SPACE fills up.</summary>
    public static int Blank { get; } = (int)EntryOf(' ');

    /// <summary>The entry of a code point; 0 where the weight is implicit.</summary>
    public static uint EntryOf(int codePoint)
    {
        int page = BlockPages[codePoint >> 8];
        return page == 0 ? 0 : Entries[((page - 1) << 8) | (codePoint & 0xFF)];
    }

    /// <summary>The weights of an entry that stands for several.</summary>
    public static ReadOnlySpan<ushort> Expand(uint entry) => Pool.AsSpan((int)(entry & 0xFFFFF), (int)(entry >> 20) & 0x7FF);

    /// <summary>True when a contraction may begin with the code point.</summary>
    public static bool StartsContraction(int codePoint) => codePoint >= 0x300 && Starters.Contains(codePoint);

    /// <summary>The entry of a sequence of two or three (third may be 0) code points.</summary>
    public static bool TryContract(int first, int second, int third, out uint entry) =>
        Contractions.TryGetValue((first, second, third), out entry);

    private static uint[] Load(out ushort[] pool, out FrozenDictionary<(int, int, int), uint> contractions,
        out FrozenSet<int> starters)
    {
        byte[] bytes = EmbeddedTable.Read("uca-primary-13.bin");
        int At(int offset) => (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
        int pageCount = At(8), contractionCount = At(12), poolLength = At(16);
        int offset = 20;
        for (int i = 0; i < BlockCount; i++, offset += 2)
            BlockPages[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));
        uint[] entries = new uint[pageCount << 8];
        for (int i = 0; i < entries.Length; i++, offset += 4)
            entries[i] = (uint)At(offset);
        Dictionary<(int, int, int), uint> sequences = [];
        HashSet<int> firsts = [];
        for (int i = 0; i < contractionCount; i++, offset += 16)
        {
            sequences.Add((At(offset), At(offset + 4), At(offset + 8)), (uint)At(offset + 12));
            firsts.Add(At(offset));
        }

        pool = new ushort[poolLength];
        for (int i = 0; i < poolLength; i++, offset += 2)
            pool[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));
        contractions = sequences.ToFrozenDictionary();
        starters = firsts.ToFrozenSet();
        return entries;
    }
}
