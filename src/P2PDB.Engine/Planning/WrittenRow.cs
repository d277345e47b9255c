using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// The row of the one table that a statement writes, as the statement's names see it: under the table's own name, or through views. A
/// slot of the block's row is a column of the table.
/// </summary>
internal sealed class WrittenRow
{
    private readonly Relation _named;
    private readonly Relation _relation;

    private WrittenRow(QueryBlock block, FromGroup group, FromLeaf leaf, Relation named, List<ExpressionNode> checks)
    {
        Block = block;
        Conditions = group.Conditions;
        Table = leaf.Table!;
        Schema = leaf.Relation.Schema!;
        Checks = checks;
        _named = named;
        _relation = leaf.Relation;
        for (int i = 0; i < leaf.Relation.Columns.Length; i++)
            block.Slot(leaf.Relation, i);
    }

    /// <summary>What names mean.</summary>
    public QueryBlock Block { get; }

    /// <summary>The table.</summary>
    public TableSchema Table { get; }

    /// <summary>The local name of its database.</summary>
    public string Schema { get; }

    /// <summary>What views say of their rows.</summary>
    public List<ExpressionNode> Conditions { get; }

    /// <summary>What rows must meet that are written, by WITH CHECK OPTION.</summary>
    public List<ExpressionNode> Checks { get; }

    /// <summary>True where a view is written to.</summary>
    public bool IsView => _named.Merged is not null;

    /// <summary>Error 1369 for a row that the view it is written through would not show.</summary>
    public SqlError CheckFailed => SqlErrors.ViewCheckFailed(_named.Schema ?? "", _named.Name);

    /// <summary>Error 1423 for a column that the view does not show and that has no default.</summary>
    public SqlError FieldWithoutDefault => SqlErrors.ViewFieldWithoutDefault(_named.Schema ?? "", _named.Name);

    /// <summary>Binds the source of a statement that writes one table; null where it is more than one, or none that can be written.</summary>
    public static WrittenRow? TryBind(BindingContext context, TableSource[] sources, PrivilegeSet wanted)
    {
        var block = new QueryBlock(null);
        var from = new FromBinder(block, context, new QueryPlanner(context)) { Wanted = wanted };
        FromGroup group = from.Bind(sources);
        return group.Items is [FromLeaf { Table: not null } leaf] && block.Named is [var named]
            ? new WrittenRow(block, group, leaf, named, from.Checks)
            : null;
    }

    /// <summary>Who asks for columns of the row as it is.</summary>
    public TableGuard? Guard => _relation.Guard;

    /// <summary>Errors 1142 and 1143 where one of some columns must not be written, by itself or through the view.</summary>
    public void Require(PrivilegeSet wanted, IEnumerable<int> ordinals, bool areNamed = true)
    {
        foreach (int ordinal in ordinals)
        {
            int shown = _named.Merged is { } merged ? Array.FindIndex(merged, one => one.Relation is not null && one.Ordinal == ordinal) : -1;
            if (shown >= 0)
                _named.RequireWrite(wanted, shown, areNamed);
            else
                _relation.RequireWrite(wanted, ordinal, areNamed);
        }
    }

    /// <summary>Error 1142 where the rows as a whole must not be written so.</summary>
    public void Require(PrivilegeSet wanted)
    {
        _relation.RequireWrite(wanted);
        if (_named != _relation)
            _named.RequireWrite(wanted);
    }

    /// <summary>The ordinal in the table of a column by the name that the statement knows; errors 1054 and 1348.</summary>
    public int OrdinalOf(string name)
    {
        int ordinal = _named.Find(name);
        if (ordinal < 0)
            throw SqlErrors.UnknownColumn(name, "field list").ToException();
        if (_named.Merged is not { } merged)
            return ordinal;
        return merged[ordinal].Relation is not null ? merged[ordinal].Ordinal : throw SqlErrors.ColumnNotUpdatable(name).ToException();
    }

    /// <summary>
    /// The ordinals in the table of all columns that a star means; null for a view that no row can be inserted through, because it
    /// computes a column or shows one twice.
    /// </summary>
    public int[]? InsertedOrdinals()
    {
        List<int> ordinals = [];
        for (int i = 0; i < _named.Columns.Length; i++)
        {
            int ordinal = _named.Merged is { } merged ? merged[i].Relation is null ? -1 : merged[i].Ordinal : i;
            if (ordinal < 0 || ordinals.Contains(ordinal))
                return null;
            if (!_named.Columns[i].IsInvisible)
                ordinals.Add(ordinal);
        }

        return [.. ordinals];
    }
}
