using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Inspection;

/// <summary>The rows of p2pdb.authors: who may write, and who wrote, with what is held of each.</summary>
internal static class AuthorRows
{
    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } =
    [
        Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Text("node_key", 64), Columns.Integer("is_owner"),
        Columns.Integer("is_member"), Columns.Integer("is_own"), Columns.Integer("branches"), Columns.Unsigned("entries"),
        Columns.Unsigned("last_seq"), Columns.Text("last_entry_id", 64), EntryColumns.TimeColumn("first_time"), EntryColumns.TimeColumn("last_time"),
    ];

    /// <summary>Adds the rows.</summary>
    public static void Add(NodeDatabases databases, StatementContext context, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in databases.List())
        {
            AccessState access = log.Access;
            SortedDictionary<AuthorKey, Written> authors = Sum(log.Held);
            foreach (AccessMember member in access.Members)
                authors.TryAdd(member.Author, default);
            foreach ((AuthorKey author, Written written) in authors)
            {
                AccessMember? member = access.Find(author);
                rows.Add(
                    name, author.ToString(), member?.NodeKey.ToString(), author == access.Owner ? 1 : 0, member is null ? 0 : 1,
                    author == log.OwnAuthor ? 1 : 0, written.BranchCount, written.EntryCount, written.Last?.Seq, written.Last?.Id.ToString(),
                    TimeOf(written.First, context.Evaluation.TimeZone), TimeOf(written.Last, context.Evaluation.TimeZone));
            }
        }
    }

    private static object? TimeOf(HeldEntry? entry, SessionTimeZone zone) => entry is { } held ? EntryColumns.TimeOf(held.Hlc, zone) : null;

    private static SortedDictionary<AuthorKey, Written> Sum(HeldEntries held)
    {
        SortedDictionary<AuthorKey, Written> authors = [];
        List<HeldEntry> ends = [];
        int chains = held.ChainCount;
        for (int number = 0; number < chains; number++)
        {
            if (!held.TryGetChain(number, out AuthorKey author, out _, out int count))
                continue;
            ends.Clear();
            held.CopyTo(ends, new EntryPosition(number, 0), 1);
            held.CopyTo(ends, new EntryPosition(number, count - 1), 1);
            if (ends.Count == 2)
                authors[author] = authors.GetValueOrDefault(author).With(ends[0], ends[1], (ulong)count);
        }

        return authors;
    }

    /// <summary>What is held of an author: all branches together, the last of them in the order of time.</summary>
    private readonly record struct Written(int BranchCount, ulong EntryCount, HeldEntry? First, HeldEntry? Last)
    {
        public Written With(in HeldEntry first, in HeldEntry last, ulong count) => new(
            BranchCount + 1, EntryCount + count, First is { } earliest && earliest.Hlc <= first.Hlc ? First : first,
            Last is { } latest && latest.Hlc >= last.Hlc ? Last : last);
    }
}
