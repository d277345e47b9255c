// RIGHTS v1, in marks (docs/formats/entry.md) and registers
//   exact number   what the author used in all, not negative
//   varint count   then per grant, ascending by form and author:
//     u8 form (GrantForm); but for Made: 32 author key; exact number, not negative
using System.Collections.Immutable;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// What one author did to a counter in all: its row of the matrix R of rights, and its entry of the vector U of what was used, of the
/// Bounded Counter (Balegas, Serra, Duarte, Ferreira, Rodrigues, Preguiça, Shapiro, Najafzadeh: "Extending Eventually Consistent Cloud
/// Databases for Enforcing Numeric Invariants", SRDS 2015). Every number only grows. A counter that cannot fall has no uses.
/// </summary>
/// <param name="Used">What the author took away.</param>
/// <param name="Grants">Its entries of the matrix, in order.</param>
internal sealed record CounterRights(ExactNumber Used, ImmutableArray<RightsGrant> Grants)
{
    /// <summary>Authors that one names at most.</summary>
    private const int GrantCountMax = 4096;

    /// <summary>Of an author that did nothing.</summary>
    public static CounterRights None { get; } = new(default, []);

    /// <summary>True where all numbers have a form in bytes.</summary>
    public bool IsWritable
    {
        get
        {
            foreach (RightsGrant grant in Grants)
            {
                if (!grant.Amount.IsWritable)
                    return false;
            }

            return Used.IsWritable;
        }
    }

    /// <summary>The same with more of one entry.</summary>
    public CounterRights With(GrantForm form, PublicKey other, ExactNumber amount)
    {
        var added = new RightsGrant(form, other, amount);
        for (int i = 0; i < Grants.Length; i++)
        {
            if (Grants[i].IsSameEntry(added))
                return this with { Grants = Grants.SetItem(i, added with { Amount = Grants[i].Amount + amount }) };
        }

        return this with { Grants = Grants.Add(added).Sort(static (left, right) => left.CompareEntryTo(right)) };
    }

    /// <summary>The greater of each number: what two states of one author say together.</summary>
    public CounterRights Max(CounterRights other)
    {
        ImmutableArray<RightsGrant>.Builder joined = ImmutableArray.CreateBuilder<RightsGrant>(Grants.Length);
        int own = 0;
        foreach (RightsGrant grant in other.Grants)
        {
            for (; own < Grants.Length && Grants[own].CompareEntryTo(grant) < 0; own++)
                joined.Add(Grants[own]);
            bool isShared = own < Grants.Length && Grants[own].IsSameEntry(grant);
            joined.Add(isShared && Grants[own].Amount.CompareTo(grant.Amount) >= 0 ? Grants[own] : grant);
            own += isShared ? 1 : 0;
        }

        for (; own < Grants.Length; own++)
            joined.Add(Grants[own]);
        return new CounterRights(Used.CompareTo(other.Used) >= 0 ? Used : other.Used, joined.ToImmutable());
    }

    /// <summary>True where no number of another state of the author is greater.</summary>
    public bool Covers(CounterRights other)
    {
        int own = 0;
        foreach (RightsGrant grant in other.Grants)
        {
            while (own < Grants.Length && Grants[own].CompareEntryTo(grant) < 0)
                own++;
            if (own == Grants.Length || !Grants[own].IsSameEntry(grant) || Grants[own].Amount.CompareTo(grant.Amount) < 0)
                return false;
        }

        return Used.CompareTo(other.Used) >= 0;
    }

    /// <summary>Appends the bytes.</summary>
    public void Write(ByteWriter target)
    {
        Used.Write(target);
        target.WriteVarint((ulong)Grants.Length);
        foreach (RightsGrant grant in Grants)
        {
            target.WriteByte((byte)grant.Form);
            if (grant.Form != GrantForm.Made)
                target.Write(grant.Other.AsSpan());
            grant.Amount.Write(target);
        }
    }

    /// <summary>Reads what <see cref="Write"/> writes of a counter under a policy; false where it is something else.</summary>
    public static bool TryRead(ref ByteReader reader, MergePolicy policy, out CounterRights rights)
    {
        rights = None;
        GrantForm last = policy == MergePolicy.GrowingCounter ? GrantForm.MadeByOther : GrantForm.Taken;
        if (!TryReadAmount(ref reader, out ExactNumber used) || (policy == MergePolicy.GrowingCounter && used != default)
            || !reader.TryReadVarint(GrantCountMax, out int count) || count > reader.Remaining / 4)
        {
            return false;
        }

        ImmutableArray<RightsGrant>.Builder grants = ImmutableArray.CreateBuilder<RightsGrant>(count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadGrant(ref reader, last, out RightsGrant grant) || (i > 0 && grants[i - 1].CompareEntryTo(grant) >= 0))
                return false;
            grants.Add(grant);
        }

        rights = new CounterRights(used, grants.MoveToImmutable());
        return true;
    }

    private static bool TryReadGrant(ref ByteReader reader, GrantForm last, out RightsGrant grant)
    {
        grant = default;
        PublicKey other = default;
        if (!reader.TryReadByte(out byte form) || form > (byte)last)
            return false;
        if (form != (byte)GrantForm.Made)
        {
            if (!reader.TryReadBytes(PublicKey.Length, out ReadOnlySpan<byte> key))
                return false;
            other = new PublicKey(key);
        }

        if (!TryReadAmount(ref reader, out ExactNumber amount))
            return false;
        grant = new RightsGrant((GrantForm)form, other, amount);
        return true;
    }

    private static bool TryReadAmount(ref ByteReader reader, out ExactNumber amount) =>
        ExactNumber.TryRead(ref reader, out amount) && amount.Unscaled.Sign >= 0;
}
