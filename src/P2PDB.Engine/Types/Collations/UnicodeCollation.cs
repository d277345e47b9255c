using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Collations;

// Primary weights of the Unicode Collation Algorithm: accents and case do not count. Variable elements (blanks,
// punctuation) have their weights, as in MySQL. See docs/formats/collation-weights.md for the table and its source.
internal sealed class UnicodeCollation(string name, int id, string charset, int bytesPerCharacterMax, bool isPadSpace)
    : Collation(name, id, charset, bytesPerCharacterMax, isPadSpace)
{
    public override bool IsBytewise => false;

    public override int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftWeights = new UnicodeWeightReader(Trim(left));
        var rightWeights = new UnicodeWeightReader(Trim(right));
        while (true)
        {
            int leftWeight = leftWeights.Next();
            int rightWeight = rightWeights.Next();
            if (leftWeight == rightWeight)
            {
                if (leftWeight < 0)
                    return 0;
                continue;
            }

            // With PAD SPACE the shorter string goes on with blanks.
            if (IsPadSpace)
            {
                leftWeight = leftWeight < 0 ? UnicodeWeights.Blank : leftWeight;
                rightWeight = rightWeight < 0 ? UnicodeWeights.Blank : rightWeight;
                if (leftWeight == rightWeight)
                    continue;
            }

            return leftWeight - rightWeight;
        }
    }

    public override bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) || Compare(left, right) == 0;

    public override int GetHashCode(ReadOnlySpan<byte> text)
    {
        var weights = new UnicodeWeightReader(Trim(text));
        uint hash = 2166136261;
        for (int weight = weights.Next(); weight >= 0; weight = weights.Next())
            hash = unchecked((hash ^ (uint)weight) * 16777619);
        return unchecked((int)(hash ^ (hash >> 15)));
    }

    public override void AppendSortKey(ReadOnlySpan<byte> text, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var weights = new UnicodeWeightReader(Trim(text));
        for (int weight = weights.Next(); weight >= 0; weight = weights.Next())
        {
            target.WriteByte((byte)(weight >> 8));
            target.WriteByte((byte)weight);
        }
    }

    public override bool CharactersEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.SequenceEqual(right) || CompareWeights(left, right);

    private static bool CompareWeights(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftWeights = new UnicodeWeightReader(left);
        var rightWeights = new UnicodeWeightReader(right);
        int weight;
        do
        {
            weight = leftWeights.Next();
            if (weight != rightWeights.Next())
                return false;
        }
        while (weight >= 0);
        return true;
    }
}
