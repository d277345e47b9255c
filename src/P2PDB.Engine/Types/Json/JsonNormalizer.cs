using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Json;

/// <summary>Turns JSON text into the one text that a JSON column stores for its value.</summary>
internal static class JsonNormalizer
{
    /// <summary>Appends the normalised text; false with MySQL's reason and position.</summary>
    public static bool TryNormalize(ReadOnlySpan<byte> text, ByteWriter target, out string reason, out int position)
    {
        if (!JsonParser.TryParse(text, out JsonItem item, out reason, out position))
            return false;
        item.WriteTo(target);
        return true;
    }
}
