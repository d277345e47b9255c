using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Ends of stretches of encoded keys.</summary>
internal static class KeyBounds
{
    /// <summary>
    /// Appends the first key that is past everything that begins with <paramref name="key"/>; false, and nothing appended, when there is none. The key may not
    /// lie in the target.
    /// </summary>
    public static bool TryAppendSuccessor(ByteWriter target, ReadOnlySpan<byte> key, out int length)
    {
        length = key.Length;
        while (length > 0 && key[length - 1] == 0xFF)
            length--;
        if (length == 0)
            return false;
        int start = target.Length;
        target.Write(key[..length]);
        target.WrittenSpan[start + length - 1]++;
        return true;
    }
}
