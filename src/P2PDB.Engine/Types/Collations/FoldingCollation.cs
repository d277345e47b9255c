using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Collations;

// One weight per character, that of its upper-case letter without accents where the frozen table has one: what
// utf8mb4_general_ci does. Characters beyond U+FFFF all weigh U+FFFD. Trailing blanks do not count.
internal sealed class FoldingCollation(string name, int id, string charset, int bytesPerCharacterMax)
    : Collation(name, id, charset, bytesPerCharacterMax, isPadSpace: true)
{
    public override bool IsBytewise => false;

    public override int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        left = Trim(left);
        right = Trim(right);
        while (!left.IsEmpty || !right.IsEmpty)
        {
            int leftWeight = Next(ref left);
            int rightWeight = Next(ref right);
            if (leftWeight != rightWeight)
                return leftWeight - rightWeight;
        }

        return 0;
    }

    public override int GetHashCode(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        uint hash = 2166136261;
        while (!text.IsEmpty)
            hash = unchecked((hash ^ (uint)Next(ref text)) * 16777619);
        return unchecked((int)(hash ^ (hash >> 15)));
    }

    public override void AppendSortKey(ReadOnlySpan<byte> text, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        text = Trim(text);
        while (!text.IsEmpty)
        {
            int weight = Next(ref text);
            target.WriteByte((byte)(weight >> 8));
            target.WriteByte((byte)weight);
        }
    }

    public override bool CharactersEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        Next(ref left) == Next(ref right);

    private static int Next(ref ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return ' ';
        int codePoint = Utf8.Decode(text, out int length);
        text = text[length..];
        return codePoint > 0xFFFF ? 0xFFFD : FoldingWeights.Of(codePoint);
    }
}
