using System.Buffers.Binary;

namespace P2PDB.Engine.Types.Collations;

// The frozen table of utf8mb4_general_ci: u16 for each code point of the Basic Multilingual Plane (folding.bin).
internal static class FoldingWeights
{
    private static readonly ushort[] Weights = Load();

    public static int Of(int codePoint) => Weights[codePoint];

    private static ushort[] Load()
    {
        byte[] bytes = EmbeddedTable.Read("folding.bin");
        ushort[] weights = new ushort[0x10000];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i));
        return weights;
    }
}
