using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>From CHECK as written to the constraint that is logged, with MySQL's names and errors.</summary>
internal sealed class CheckBuilder
{
    private readonly TableOutline _table;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _lastNumber;

    /// <summary>Prepares for checks of a table; <paramref name="dropped"/> names those of its checks that the statement drops.</summary>
    public CheckBuilder(DatabaseSchema database, TableOutline table, IReadOnlySet<string> dropped)
    {
        _table = table;
        foreach (TableSchema other in database.Tables)
        {
            foreach (CheckDefinition check in other.Checks)
            {
                if (other.Id == table.Id)
                    _lastNumber = Math.Max(_lastNumber, NumberOf(check.Name, table.Name));
                if (other.Id != table.Id || !dropped.Contains(check.Name))
                    _names.Add(check.Name);
            }
        }
    }

    /// <summary>The start of names that are made up for checks of a table.</summary>
    public static string GeneratedStart(string table) => table + "_chk_";

    /// <summary>Builds a constraint; <paramref name="column"/> names the column that it stands behind, the only one it may read.</summary>
    public CheckDefinition Build(CheckConstraint node, string? column)
    {
        string name = node.Name ?? string.Create(CultureInfo.InvariantCulture, $"{GeneratedStart(_table.Name)}{++_lastNumber}");
        DefinitionLimits.CheckIndexName(name);
        if (!_names.Add(name))
            throw ConstraintErrors.DuplicateCheck(name).ToException();
        if (!CheckRules.IsBoolean(node.Condition))
            throw ConstraintErrors.CheckNotBoolean(name).ToException();
        CheckRules.CheckParts(name, node.Condition);
        var names = new ResolvedNames();
        SortedDictionary<ColumnId, string> columns = [];
        Resolve(name, column, node.Condition, names, columns);
        var text = new SqlText(names) { Introducer = "utf8mb4" };
        try
        {
            ExpressionPrinter.Print(text, node.Condition);
        }
        catch (NotSupportedException exception)
        {
            throw SqlErrors.NotSupportedYet($"{exception.Message} in a CHECK constraint").ToException();
        }

        List<ReferencedColumn> read = [];
        foreach ((ColumnId id, string columnName) in columns)
            read.Add(new ReferencedColumn(id, columnName));
        return new CheckDefinition { Name = name, IsEnforced = node.IsEnforced, Condition = text.ToString(), Columns = [.. read] };
    }

    /// <summary>Error 3823 where a foreign key may change a column that a constraint reads: that would pass it by.</summary>
    public static void CheckActions(IEnumerable<CheckDefinition> checks, IEnumerable<Catalog.Definitions.ForeignKeyDefinition> keys, TableOutline table)
    {
        foreach (Catalog.Definitions.ForeignKeyDefinition key in keys)
        {
            if (key.OnDelete != ReferenceRule.SetNull && key.OnUpdate is not (ReferenceRule.SetNull or ReferenceRule.Cascade))
                continue;
            foreach (CheckDefinition check in checks)
            {
                foreach (ReferencedColumn column in check.Columns)
                {
                    if (key.Columns.Contains(column.Id))
                        throw ConstraintErrors.CheckReadsForeignKey(table.Find(column.Id)?.Name ?? column.Name, check.Name, key.Name).ToException();
                }
            }
        }
    }

    private static int NumberOf(string check, string table) =>
        check.StartsWith(GeneratedStart(table), StringComparison.OrdinalIgnoreCase)
        && int.TryParse(check.AsSpan(GeneratedStart(table).Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : 0;

    private void Resolve(
        string name, string? only, ExpressionNode node, ResolvedNames names, SortedDictionary<ColumnId, string> columns)
    {
        if (node is ColumnNode column)
        {
            if (!_table.Columns.TryGetValue(column.Name, out OutlinedColumn found)
                || (column.Table is { } table && !table.Equals(_table.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw ConstraintErrors.CheckReadsUnknown(name, column.Name).ToException();
            }

            if (only is not null && !only.Equals(found.Name, StringComparison.OrdinalIgnoreCase))
                throw ConstraintErrors.CheckReadsOther(name).ToException();
            if (found.IsAutoIncrement)
                throw ConstraintErrors.CheckReadsAutoIncrement(name).ToException();
            names.Columns[column] = new ColumnNode(null, null, found.Name);
            columns[found.Id] = found.Name;
        }

        AstWalker.VisitParts(node, part => Resolve(name, only, part, names, columns));
    }
}
