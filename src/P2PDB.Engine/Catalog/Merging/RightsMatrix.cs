using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>
/// A counter with rights, put together from what its authors say: the matrix R, whose diagonal is what was brought in, and the vector U
/// of what was used, each entry the greatest that anybody states. The counter is the sum of the diagonal less the sum of U.
/// <para>INVARIANT: where everybody uses only what <see cref="HeldBy"/> gives it, no state that a node can have seen sums up to less than 0.</para>
/// </summary>
internal sealed class RightsMatrix
{
    private readonly Dictionary<(PublicKey From, PublicKey To), ExactNumber> _rights = [];
    private readonly Dictionary<PublicKey, ExactNumber> _used = [];

    /// <summary>True where nothing was ever brought in: the counter is NULL.</summary>
    public bool IsNull
    {
        get
        {
            foreach ((PublicKey from, PublicKey to) in _rights.Keys)
            {
                if (from.Equals(to))
                    return false;
            }

            return true;
        }
    }

    /// <summary>The counter.</summary>
    public ExactNumber Sum
    {
        get
        {
            ExactNumber sum = default;
            foreach (((PublicKey from, PublicKey to), ExactNumber amount) in _rights)
                sum = from.Equals(to) ? sum + amount : sum;
            foreach (ExactNumber amount in _used.Values)
                sum -= amount;
            return sum;
        }
    }

    /// <summary>Everybody who has, had or got rights, in order of their keys.</summary>
    public IEnumerable<PublicKey> Authors
    {
        get
        {
            SortedSet<PublicKey> authors = [.. _used.Keys];
            foreach ((PublicKey from, PublicKey to) in _rights.Keys)
            {
                authors.Add(from);
                authors.Add(to);
            }

            return authors;
        }
    }

    /// <summary>Adds what an author says.</summary>
    public void Add(PublicKey author, CounterRights rights)
    {
        if (!_used.TryGetValue(author, out ExactNumber used) || used.CompareTo(rights.Used) < 0)
            _used[author] = rights.Used;
        foreach (RightsGrant grant in rights.Grants)
        {
            (PublicKey, PublicKey) entry = grant.Form switch
            {
                GrantForm.Made => (author, author),
                GrantForm.MadeByOther => (grant.Other, grant.Other),
                GrantForm.Passed => (author, grant.Other),
                _ => (grant.Other, author),
            };
            if (!_rights.TryGetValue(entry, out ExactNumber amount) || amount.CompareTo(grant.Amount) < 0)
                _rights[entry] = grant.Amount;
        }
    }

    /// <summary>What an author may take away or pass on; below 0 only after lies, forks or rights taken from who still used them.</summary>
    public ExactNumber HeldBy(PublicKey author)
    {
        ExactNumber held = new ExactNumber(0, 0) - _used.GetValueOrDefault(author);
        foreach (((PublicKey from, PublicKey to), ExactNumber amount) in _rights)
        {
            if (to.Equals(author))
                held += amount;
            else if (from.Equals(author))
                held -= amount;
        }

        return held;
    }
}
