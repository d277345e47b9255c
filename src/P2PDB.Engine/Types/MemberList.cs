using System.Collections.Immutable;
using System.Text;

namespace P2PDB.Engine.Types;

/// <summary>The members of an ENUM or SET type in order of definition, as UTF-8. Immutable; equal when the members are.</summary>
public sealed class MemberList : IEquatable<MemberList>
{
    private readonly ImmutableArray<byte[]> _members;

    /// <summary>Takes the members, in order.</summary>
    public MemberList(IEnumerable<string> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ImmutableArray<byte[]>.Builder list = ImmutableArray.CreateBuilder<byte[]>();
        foreach (string member in members)
            list.Add(Encoding.UTF8.GetBytes(member));
        _members = list.ToImmutable();
    }

    /// <summary>How many members there are.</summary>
    public int Count => _members.Length;

    /// <summary>The member at a 0-based index.</summary>
    public ReadOnlySpan<byte> this[int index] => _members[index];

    /// <summary>The 0-based index of the member that equals <paramref name="text"/> under the collation, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> text, Collation collation)
    {
        ArgumentNullException.ThrowIfNull(collation);
        for (int i = 0; i < _members.Length; i++)
        {
            if (collation.Compare(_members[i], text) == 0)
                return i;
        }

        return -1;
    }

    /// <summary>The members as strings.</summary>
    public string[] ToStrings()
    {
        string[] strings = new string[_members.Length];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = Encoding.UTF8.GetString(_members[i]);
        return strings;
    }

    /// <inheritdoc/>
    public bool Equals(MemberList? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || other.Count != Count)
            return false;
        for (int i = 0; i < Count; i++)
        {
            if (!this[i].SequenceEqual(other[i]))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MemberList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (byte[] member in _members)
            hash.AddBytes(member);
        return hash.ToHashCode();
    }
}
