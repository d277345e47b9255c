namespace P2PDB.Engine.Execution.Direct;

/// <summary>The writes of rows in which the same columns are given, each made when it is first wanted, for one version of a table.</summary>
internal sealed class WriteShape
{
    private readonly BoundTable _table;
    private readonly ulong[] _given;
    private InsertRow? _insert;
    private PutRow? _put;
    private UpdateRow? _update;

    /// <summary>Takes the columns that are given, one bit for each.</summary>
    public WriteShape(BoundTable table, ReadOnlySpan<ulong> given)
    {
        _table = table;
        Version = table.Version;
        _given = given.ToArray();
        List<int> ordinals = [];
        for (int i = 0; i < table.Columns.Length; i++)
        {
            if ((given[i >> 6] & (1UL << i)) != 0)
                ordinals.Add(i);
        }

        Values = new GivenValues([.. ordinals]);
    }

    /// <summary>The table's <see cref="BoundTable.Version"/> that they are bound to.</summary>
    public int Version { get; }

    /// <summary>The values of the row at hand.</summary>
    public GivenValues Values { get; }

    /// <summary>INSERT.</summary>
    public InsertRow Insert => _insert ??= new InsertRow(_table, Values);

    /// <summary>INSERT, or UPDATE where the row is there.</summary>
    public PutRow Put => _put ??= new PutRow(_table, Values);

    /// <summary>UPDATE by the primary key.</summary>
    public UpdateRow Update => _update ??= new UpdateRow(_table, Values);

    /// <summary>True where these are the columns that are given.</summary>
    public bool Gives(ReadOnlySpan<ulong> given) => given.SequenceEqual(_given);
}
