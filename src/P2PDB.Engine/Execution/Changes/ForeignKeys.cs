using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// The foreign keys that changes to the rows of one table touch, on either side. A change is first written and then asked about here; an
/// error takes it back, by the end of the statement or, with IGNORE, by a savepoint. What follows is written as any other row operation.
/// </summary>
internal sealed class ForeignKeys
{
    private readonly ParentCheck[] _parents;
    private readonly ChildRows[] _children;

    private ForeignKeys(ParentCheck[] parents, ChildRows[] children)
    {
        _parents = parents;
        _children = children;
    }

    /// <summary>True where rows of the table may be looked for by one of its plain indexes after it was changed.</summary>
    public bool MayComeBack => _parents.Length > 0 && _children.Length > 0;

    /// <summary>The keys of a table that a statement changes; null where there are none, or the session does not check any.</summary>
    public static ForeignKeys? Of(StatementContext context, string schema, TableSchema table) =>
        context.Session.ChecksForeignKeys ? Of(context.DatabaseOf(schema, out _), schema, table, null) : null;

    /// <summary>The keys of a table; changes that follow one of them, <paramref name="followed"/>, need not ask for its parents.</summary>
    public static ForeignKeys? Of(DatabaseSchema database, string schema, TableSchema table, ForeignKeySchema? followed)
    {
        IReadOnlyList<ForeignKeySchema> own = database.ForeignKeysOf(table.Id);
        IReadOnlyList<ForeignKeySchema> others = database.ForeignKeysTo(table.Id);
        if (own.Count == 0 && others.Count == 0)
            return null;
        List<ParentCheck> parents = [];
        foreach (ForeignKeySchema link in own)
        {
            if (!ReferenceEquals(link, followed))
                parents.Add(new ParentCheck(link, schema));
        }

        List<ChildRows> children = [];
        foreach (ForeignKeySchema link in others)
            children.Add(new ChildRows(link, database, schema));
        return new ForeignKeys([.. parents], [.. children]);
    }

    /// <summary>Error 1452 where a new row names a parent that is not there.</summary>
    public SqlError? Inserted(StatementContext context, TableRow row)
    {
        foreach (ParentCheck parent in _parents)
        {
            if (parent.Check(context, row) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Lets children follow a changed row; errors 1451 and 1452 where it must not change so.</summary>
    public SqlError? Updated(StatementContext context, TableRow before, TableRow after, CascadeStep? above)
    {
        foreach (ParentCheck parent in _parents)
        {
            if (parent.IsChanged(before, after) && parent.Check(context, after) is { } error)
                return error;
        }

        foreach (ChildRows children in _children)
        {
            if (children.IsChanged(before, after) && children.Changed(context, before, after, above) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Lets children follow a removed row; error 1451 where it must stay.</summary>
    public SqlError? Removed(StatementContext context, TableRow row, CascadeStep? above)
    {
        foreach (ChildRows children in _children)
        {
            if (children.Removed(context, row, above) is { } error)
                return error;
        }

        return null;
    }
}
