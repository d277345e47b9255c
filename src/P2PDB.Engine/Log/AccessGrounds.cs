namespace P2PDB.Engine.Log;

/// <summary>Why an author was let in: the entries that say so, and the members who wrote them, who were let in for reasons of their own.</summary>
internal sealed class AccessGrounds(EntryId[] entries, AccessMember[] members)
{
    private readonly EntryId[] _entries = entries;
    private readonly AccessMember[] _members = members;

    /// <summary>Adds the entries of these grounds, and of the members' they rest on, up to the genesis entry.</summary>
    public void CollectInto(HashSet<EntryId> target)
    {
        Stack<AccessGrounds> open = new([this]);
        while (open.TryPop(out AccessGrounds? grounds))
        {
            bool isNews = false;
            foreach (EntryId entry in grounds._entries)
                isNews |= target.Add(entry);
            if (!isNews)
                continue;
            foreach (AccessMember member in grounds._members)
                open.Push(member.Grounds);
        }
    }
}
