using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>What an ALTER TABLE does to CHECK constraints; rows that are there must meet those that it adds or enforces.</summary>
internal sealed class CheckAlteration(
    StatementContext context, string schema, DatabaseSchema database, TableSchema before, TableOutline after)
{
    private readonly List<(CheckConstraint Node, string? Column)> _added = [];
    private readonly HashSet<string> _dropped = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CheckDefinition> _changed = [];

    /// <summary>Names of the constraints to drop.</summary>
    public IReadOnlyCollection<string> Dropped => _dropped;

    /// <summary>Takes note of ADD CHECK, or of one behind a column.</summary>
    public void Add(CheckConstraint node, string? column) => _added.Add((node, column));

    /// <summary>The table's constraint of a name; null where there is none.</summary>
    public CheckDefinition? Find(string name)
    {
        foreach (CheckDefinition check in before.Checks)
        {
            if (check.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return check;
        }

        return null;
    }

    /// <summary>True where the statement drops a constraint.</summary>
    public bool Drops(string name) => _dropped.Contains(name);

    /// <summary>Takes note of DROP CHECK; error 3821 where there is none.</summary>
    public void Drop(string name)
    {
        if (Find(name) is null || !_dropped.Add(name))
            throw ConstraintErrors.NoCheck(name).ToException();
    }

    /// <summary>Takes note of ALTER CHECK … [NOT] ENFORCED; error 3821 where there is none.</summary>
    public void SetEnforced(string name, bool isEnforced)
    {
        CheckDefinition check = Find(name) ?? throw ConstraintErrors.NoCheck(name).ToException();
        if (check.IsEnforced != isEnforced)
            _changed.Add(check with { IsEnforced = isEnforced });
    }

    /// <summary>A column goes: constraints over it alone go too; error 3959 for others.</summary>
    public void DropColumn(ColumnSchema column)
    {
        foreach (CheckDefinition check in before.Checks)
        {
            if (!Reads(check, column) || _dropped.Contains(check.Name))
                continue;
            if (check.Columns.Length > 1)
                throw ConstraintErrors.ColumnNeededByCheck(check.Name, column.Name).ToException();
            _dropped.Add(check.Name);
        }
    }

    /// <summary>Error 3959 where a constraint reads a column that is to have another name.</summary>
    public void RenameColumn(ColumnSchema column)
    {
        foreach (CheckDefinition check in before.Checks)
        {
            if (Reads(check, column) && !_dropped.Contains(check.Name))
                throw ConstraintErrors.ColumnNeededByCheck(check.Name, column.Name).ToException();
        }
    }

    /// <summary>The constraints that are new or changed; <paramref name="keys"/> are the foreign keys that the table will have.</summary>
    public List<CheckDefinition> Finish(IEnumerable<Catalog.Definitions.ForeignKeyDefinition> keys)
    {
        List<CheckDefinition> defined = [.. _changed];
        if (_added.Count > 0)
        {
            var builder = new CheckBuilder(database, after, _dropped);
            foreach ((CheckConstraint node, string? column) in _added)
                defined.Add(builder.Build(node, column));
        }

        List<CheckDefinition> remaining = [.. defined];
        foreach (CheckDefinition check in before.Checks)
        {
            if (!_dropped.Contains(check.Name))
                remaining.Add(check);
        }

        CheckBuilder.CheckActions(remaining, keys, after);
        CheckRows(defined.FindAll(check => check.IsEnforced));
        return defined;
    }

    private static bool Reads(CheckDefinition check, ColumnSchema column)
    {
        foreach (ReferencedColumn read in check.Columns)
        {
            if (read.Id == column.Id)
                return true;
        }

        return false;
    }

    /// <summary>Error 3819 where a row that is there does not meet a constraint. Columns that the statement adds show their fill.</summary>
    private void CheckRows(List<CheckDefinition> checks)
    {
        if (checks.Count == 0)
            return;
        List<RelationColumn> columns = [.. FromBinder.ColumnsOf(schema, before)];
        List<ColumnId> ids = [];
        foreach (ColumnSchema column in before.Columns)
            ids.Add(column.Id);
        foreach (OutlinedColumn added in after.Columns.Values)
        {
            if (!after.Fills.ContainsKey(added.Id))
                continue;
            ids.Add(added.Id);
            columns.Add(new RelationColumn(added.Name, added.Type));
        }

        RowChecks bound = RowChecks.Of(Compiler.Context(context), [.. columns], checks, ids.IndexOf);
        var batch = new RowBatch([.. columns.ConvertAll(column => column.Type)], 1);
        using var rows = new TableWalk(context, context.NewestView(), before);
        while (rows.TryNext(out RowView row))
        {
            batch.Reset();
            batch.RowCount = 1;
            for (int i = 0; i < ids.Count; i++)
            {
                if (i < before.Columns.Length)
                    row.CopyTo(i, batch.Column(i), 0);
                else
                    LayoutFactory.Create(columns[i].Type).CopyTo(after.Fills[ids[i]], 0, batch.Column(i), 0);
            }

            if (bound.FindViolation(context.Evaluation, batch) is { } error)
                throw error.ToException();
        }
    }
}
