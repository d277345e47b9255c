namespace P2PDB.Primitives.Content;

/// <summary>
/// Reads base58btc. SimpleBase writes it, but its reader throws on some text that is none (a character beyond ASCII, more leading ones
/// than the bytes have), and this text comes from peers and users. The work is quadratic: callers bound the text.
/// </summary>
public static class Base58Text
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Decodes into the start of the target; false for other characters or a target that is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> target, out int length)
    {
        length = 0;
        int zeros = 0;
        while (zeros < text.Length && text[zeros] == '1')
            zeros++;
        if (zeros > target.Length)
            return false;

        // The number grows in the target, least significant byte first, behind the zeros.
        target[..zeros].Clear();
        Span<byte> number = target[zeros..];
        int numberLength = 0;
        foreach (char c in text[zeros..])
        {
            int carry = Alphabet.IndexOf(c);
            if (carry < 0)
                return false;

            for (int i = 0; i < numberLength; i++)
            {
                carry += 58 * number[i];
                number[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry == 0)
                continue;
            if (numberLength == number.Length)
                return false;

            number[numberLength++] = (byte)carry;   // below 58: one byte takes it
        }

        number[..numberLength].Reverse();
        length = zeros + numberLength;
        return true;
    }
}
