using System.Runtime.InteropServices;
using System.Text;

namespace P2PDB.Engine.Types;

/// <summary>The members of an ENUM or SET type in order of definition, as UTF-8. Immutable; equal when the members are.</summary>
public sealed class MemberList : IEquatable<MemberList>
{
    // All of them, one after the other, and where each ends: there may be 65,535.
    private readonly byte[] _texts;
    private readonly int[] _ends;

    /// <summary>Takes the members, in order.</summary>
    public MemberList(IReadOnlyList<string> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _ends = new int[members.Count];
        int length = 0;
        for (int i = 0; i < _ends.Length; i++)
            _ends[i] = length += Encoding.UTF8.GetByteCount(members[i]);
        _texts = new byte[length];
        for (int i = 0; i < _ends.Length; i++)
            Encoding.UTF8.GetBytes(members[i], _texts.AsSpan(i == 0 ? 0 : _ends[i - 1]));
    }

    /// <summary>Takes over the members as UTF-8, one after the other, and where each of them ends.</summary>
    internal MemberList(byte[] texts, int[] ends)
    {
        _texts = texts;
        _ends = ends;
    }

    /// <summary>How many members there are.</summary>
    public int Count => _ends.Length;

    /// <summary>The member at a 0-based index.</summary>
    public ReadOnlySpan<byte> this[int index] => _texts.AsSpan((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

    /// <summary>The 0-based index of the member that equals <paramref name="text"/> under the collation, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> text, Collation collation)
    {
        ArgumentNullException.ThrowIfNull(collation);
        for (int i = 0; i < Count; i++)
        {
            if (collation.Compare(this[i], text) == 0)
                return i;
        }

        return -1;
    }

    /// <summary>The members as strings.</summary>
    public string[] ToStrings()
    {
        string[] strings = new string[Count];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = Encoding.UTF8.GetString(this[i]);
        return strings;
    }

    /// <inheritdoc/>
    public bool Equals(MemberList? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is not null && _ends.AsSpan().SequenceEqual(other._ends) && _texts.AsSpan().SequenceEqual(other._texts);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MemberList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_texts);
        hash.AddBytes(MemoryMarshal.AsBytes<int>(_ends));
        return hash.ToHashCode();
    }
}
