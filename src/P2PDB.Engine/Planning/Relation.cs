using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Planning;

/// <summary>One item of a FROM clause as names see it: an alias and columns, wherever the rows come from.</summary>
internal sealed class Relation(string? schema, string name, RelationColumn[] columns)
{
    private readonly Dictionary<string, int> _ordinals = Index(columns);

    /// <summary>Schema that qualifies the name, or null for derived tables and aliases.</summary>
    public string? Schema { get; } = schema;

    /// <summary>Alias, or the table's own name.</summary>
    public string Name { get; } = name;

    /// <summary>True where <see cref="Name"/> is an alias, which no schema qualifies.</summary>
    public bool IsAliased { get; init; }

    /// <summary>
    /// Of a view that is read as part of the block: what its columns are there. It has no place in the FROM clause itself; the
    /// relations that it reads do, which no name of the block means.
    /// </summary>
    public MergedColumn[]? Merged { get; init; }

    /// <summary>Bit per relation of the FROM clause that it stands for: itself, or those of a merged view.</summary>
    public ulong Positions { get; set; }

    /// <summary>Who asks for its columns must get past this; null where nothing is guarded.</summary>
    public TableGuard? Guard { get; init; }

    /// <summary>The guards of the merged views that it is written through, the innermost first.</summary>
    public List<TableGuard> WrittenThrough { get; } = [];

    /// <summary>The merged view that hides it, or null where names of the block mean it.</summary>
    public Relation? HiddenBy { get; set; }

    /// <summary>Position in the query block's FROM clause, in textual order.</summary>
    public int Position { get; set; }

    /// <summary>The columns in order.</summary>
    public RelationColumn[] Columns { get; } = columns;

    /// <summary>Slot of each column in the block's row, or -1 where the statement does not use it.</summary>
    public int[] Slots { get; } = NoSlots(columns.Length);

    /// <summary>Columns that a USING or NATURAL join merged into another relation's: unqualified names pass them by.</summary>
    public HashSet<int> MergedColumns { get; } = [];

    /// <summary>True when an outer join may give NULL for all of its columns.</summary>
    public bool IsNullable { get; set; }

    /// <summary>Ordinal of the column of that name, or -1.</summary>
    public int Find(string column) => _ordinals.GetValueOrDefault(column, -1);

    /// <summary>Error 1142 where its rows must not be written so, by themselves or through the views that hide it.</summary>
    public void RequireWrite(PrivilegeSet wanted)
    {
        Guard?.RequireTable(wanted);
        foreach (TableGuard view in WrittenThrough)
            view.RequireAny(wanted);
    }

    /// <summary>
    /// Errors 1142 and 1143 where one of its columns must not be written: by the name it has here, by the one in each view below, and by the
    /// table's own.
    /// </summary>
    public void RequireWrite(PrivilegeSet wanted, int ordinal, bool isNamed = true)
    {
        Guard?.Require(wanted, Columns[ordinal].Name, isNamed);
        if (Merged is not { } merged)
            return;
        MergedColumn below = merged[ordinal];
        if (below.View is { } view)
            view.RequireWrite(wanted, below.ViewOrdinal, isNamed);
        else
            below.Relation?.RequireWrite(wanted, below.Ordinal, isNamed);
    }

    /// <summary>True when a qualifier in the statement means this relation.</summary>
    public bool Answers(string? schema, string table) =>
        string.Equals(Name, table, StringComparison.OrdinalIgnoreCase)
        && (schema is null || Schema is null || string.Equals(Schema, schema, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when <paramref name="name"/>, as written before a star, means this relation.</summary>
    public bool Answers(ObjectName name) => Answers(name.Schema, name.Name);

    private static Dictionary<string, int> Index(RelationColumn[] columns)
    {
        Dictionary<string, int> ordinals = new(columns.Length, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < columns.Length; i++)
            ordinals.TryAdd(columns[i].Name, i);
        return ordinals;
    }

    private static int[] NoSlots(int count)
    {
        int[] slots = new int[count];
        slots.AsSpan().Fill(-1);
        return slots;
    }
}
