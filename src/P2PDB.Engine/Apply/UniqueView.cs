// UNIQUE AS A VIEW
//
// Merging cannot refuse a row, so two live rows may have one key of a UNIQUE index. One of them is shown. Rows that a foreign
// key hides claim nothing; deleted ones that a foreign key shows come after all others (ForeignKeyView). Each other row has
// a rank: the newest stamp among the columns of the keys it claims, that is, when it came to claim what it claims. In order
// of rank, a row is shown if none of its keys is taken by a row shown before it, and then takes its keys; else it is hidden
// and takes none. The senior claim stands; a hidden row returns as soon as its keys are free.
//
// Who is shown depends only on rows that share keys, directly or through others: a connected component. So after a change
// only the components of the keys that the row had or has are settled anew, and nothing at all where it shares none.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Settles which rows UNIQUE indexes hide; see the prose above.</summary>
internal sealed class UniqueView(RowWriter rows) : IDisposable
{
    private readonly RowVisibility _visibility = new();
    private readonly RecordBuffer _record = new();
    private readonly ByteWriter _key = new();
    private readonly HashSet<SharedKey> _seenKeys = [];
    private readonly HashSet<byte[]> _seenRows = new(ByteArrayEquality.Instance);
    private readonly Queue<byte[]> _waiting = new();
    private readonly List<Claimant> _component = [];
    private readonly List<byte[]> _claimants = [];

    /// <summary>
    /// Settles the components of a changed row and of the keys that it gave up. The trees hold the change already.
    /// </summary>
    public void Settle(
        AppliedTable table, StampOrder order, ReadOnlySpan<byte> changedRow, bool isClaiming, List<SharedKey> givenUp)
    {
        _seenKeys.Clear();
        _seenRows.Clear();
        _component.Clear();
        if (isClaiming)
            Add(changedRow.ToArray());
        foreach (SharedKey key in givenUp)
            AddClaimants(key);
        while (_waiting.TryDequeue(out byte[]? row))
            Visit(table, order, row);

        Show(_component, order);
        foreach (Claimant claimant in _component)
        {
            if (claimant.IsHidden != claimant.WasHidden)
            {
                bool isChangedRow = changedRow.SequenceEqual(claimant.PrimaryKey);
                rows.SetHidden(table, claimant.PrimaryKey, claimant.IsHidden, isReported: !isChangedRow);
            }
        }
    }

    /// <summary>The greedy choice over whole components.</summary>
    public static void Show(List<Claimant> claimants, StampOrder order)
    {
        claimants.Sort((left, right) =>
        {
            if (left.IsDead != right.IsDead)
                return left.IsDead ? 1 : -1;
            int byRank = order.Compare(left.Rank, right.Rank);
            return byRank != 0 ? byRank : left.PrimaryKey.AsSpan().SequenceCompareTo(right.PrimaryKey);
        });
        HashSet<SharedKey> taken = [];
        foreach (Claimant claimant in claimants)
        {
            claimant.IsHidden = taken.Overlaps(claimant.Claims);
            if (!claimant.IsHidden)
                taken.UnionWith(claimant.Claims);
        }
    }

    /// <summary>The claims of a row.</summary>
    public Claimant Read(AppliedTable table, StampOrder order, byte[] primaryKey, ReadOnlySpan<byte> record)
    {
        List<SharedKey> claims = [];
        foreach (IndexSchema index in table.UniqueIndexes)
        {
            if (RowVisibility.TryClaim(table.Schema!, index, record, _key))
                claims.Add(new SharedKey(index, _key.Written.ToArray()));
        }

        bool wasHidden = (record[0] & StoredRow.HiddenFlag) != 0;
        bool isDead = (record[0] & StoredRow.DeadFlag) != 0;
        return new Claimant(primaryKey, _visibility.RankOf(table, order, record), isDead, claims, wasHidden);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _visibility.Dispose();
        _key.Dispose();
    }

    private void Visit(AppliedTable table, StampOrder order, byte[] row)
    {
        rows.Writer.TryGet(table.RowTree, row, _record);
        if (!RowVisibility.IsClaiming(_record.Span))
            return;
        Claimant claimant = Read(table, order, row, _record.Span);
        _component.Add(claimant);
        foreach (SharedKey key in claimant.Claims)
            AddClaimants(key);
    }

    private void AddClaimants(SharedKey key)
    {
        if (!_seenKeys.Add(key))
            return;
        _claimants.Clear();
        rows.ListClaimants(key.Index, key.Key, _claimants);
        foreach (byte[] row in _claimants)
            Add(row);
    }

    private void Add(byte[] row)
    {
        if (_seenRows.Add(row))
            _waiting.Enqueue(row);
    }
}
