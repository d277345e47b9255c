using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Collations;

// Order of the bytes, which for UTF-8 is that of the code points. PAD SPACE compares as if the shorter string were
// filled up with blanks: "a\t" is below "a" because a tab is below a blank.
internal sealed class BytewiseCollation(string name, int id, string charset, int bytesPerCharacterMax, bool isPadSpace)
    : Collation(name, id, charset, bytesPerCharacterMax, isPadSpace)
{
    public override bool IsBytewise => true;

    public override int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (!IsPadSpace)
            return left.SequenceCompareTo(right);
        left = Trim(left);
        right = Trim(right);
        int common = left.CommonPrefixLength(right);
        if (common < left.Length && common < right.Length)
            return left[common] - right[common];
        if (left.Length == right.Length)
            return 0;

        // The longer string goes on; it ends with no blank, so that something else decides against the padding.
        ReadOnlySpan<byte> rest = (left.Length > right.Length ? left : right)[common..];
        int order = rest[rest.IndexOfAnyExcept((byte)' ')] - ' ';
        return left.Length > right.Length ? order : -order;
    }

    public override bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        Trim(left).SequenceEqual(Trim(right));

    public override int GetHashCode(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(Trim(text));
        return hash.ToHashCode();
    }

    public override void AppendSortKey(ReadOnlySpan<byte> text, ByteWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Write(Trim(text));
    }

    public override bool CharactersEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceEqual(right);
}
