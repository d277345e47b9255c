namespace P2PDB.Engine.Sql;

/// <summary>What a byte may begin or continue, looked up in one table.</summary>
internal static class CharacterClasses
{
    private const byte SpaceBit = 1;
    private const byte DigitBit = 2;
    private const byte WordBit = 4;
    private const byte HexBit = 8;

    private static readonly byte[] Classes = Build();

    /// <summary>Space, tab, line feed, vertical tab, form feed, carriage return.</summary>
    public static bool IsSpace(byte value) => (Classes[value] & SpaceBit) != 0;

    /// <summary>0 to 9.</summary>
    public static bool IsDigit(byte value) => (Classes[value] & DigitBit) != 0;

    /// <summary>Letters, digits, $, _ and every byte of a character beyond ASCII.</summary>
    public static bool IsWord(byte value) => (Classes[value] & WordBit) != 0;

    /// <summary>A hexadecimal digit.</summary>
    public static bool IsHex(byte value) => (Classes[value] & HexBit) != 0;

    private static byte[] Build()
    {
        byte[] classes = new byte[256];
        foreach (byte space in " \t\n\v\f\r"u8)
            classes[space] = SpaceBit;
        for (int i = 0; i < 256; i++)
        {
            char value = (char)i;
            if (char.IsAsciiDigit(value))
                classes[i] |= DigitBit;
            if (char.IsAsciiLetterOrDigit(value) || value is '_' or '$' || i >= 0x80)
                classes[i] |= WordBit;
            if (char.IsAsciiHexDigit(value))
                classes[i] |= HexBit;
        }

        return classes;
    }
}
