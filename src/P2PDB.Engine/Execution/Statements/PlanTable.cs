using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>The scans of a plan as rows in the columns of MySQL's EXPLAIN.</summary>
internal sealed class PlanTable
{
    private readonly VirtualRows _rows = new(Columns.Length);
    private int _queryCount;

    private PlanTable()
    {
    }

    /// <summary>The columns.</summary>
    public static RelationColumn[] Columns { get; } =
    [
        Virtual.Columns.Integer("id"), Virtual.Columns.Text("select_type"), Virtual.Columns.Text("table"), Virtual.Columns.Text("partitions"),
        Virtual.Columns.Text("type"), Virtual.Columns.Text("possible_keys"), Virtual.Columns.Text("key"), Virtual.Columns.Text("key_len"),
        Virtual.Columns.Text("ref"), Virtual.Columns.Integer("rows"), new RelationColumn("filtered", SqlType.Double), Virtual.Columns.Text("Extra"),
    ];

    /// <summary>The rows of a plan.</summary>
    public static VirtualRows Of(PlanNode plan)
    {
        var table = new PlanTable();
        table.AddQuery(plan, null);
        return table._rows;
    }

    /// <summary>Adds the scans of a query: the statement's own where <paramref name="subquery"/> is null.</summary>
    private void AddQuery(PlanNode plan, SubqueryRequest? subquery)
    {
        int id = ++_queryCount;
        int first = _rows.Count;
        List<SubqueryRequest> subqueries = [];
        string type = subquery switch
        {
            { Outer: not null } => "DEPENDENT SUBQUERY",
            not null => "SUBQUERY",
            _ => HasSubquery(plan) ? "PRIMARY" : "SIMPLE",
        };
        Add(plan, [], (id, type), subqueries);
        if (_rows.Count == first)
            _rows.Add(id, type, null, null, null, null, null, null, null, null, null, "No tables used");
        foreach (SubqueryRequest inner in subqueries)
            AddQuery(inner.Plan, inner);
    }

    private void Add(PlanNode node, string[] extras, (int Id, string Type) select, List<SubqueryRequest> subqueries)
    {
        foreach (QueryExpression query in QueryExpression.AllIn(node.Expressions))
            subqueries.Add(query.Request);
        switch (node)
        {
            case ScanNode scan:
                AddScan(scan, extras, select);
                return;
            case VirtualScanNode scan:
                _rows.Add(select.Id, select.Type, scan.Alias, null, "ALL", null, null, null, null, null, null, Text(extras));
                return;
            case JoinNode join:
                Add(join.Left, extras, select, subqueries);
                Add(join.Right, ExtrasOf(join), select, subqueries);
                return;
            case SortNode:
                extras = [.. extras, "Using filesort"];
                break;
            case GroupNode or DistinctNode:
                extras = [.. extras, "Using temporary"];
                break;
            default:
                break;
        }

        foreach (PlanNode input in node.Inputs)
        {
            Add(input, extras, select, subqueries);
            extras = [];
        }
    }

    private static string[] ExtrasOf(JoinNode join)
    {
        List<string> extras = [];
        if (join.GivesLeftRows)
            extras.Add(join.Result == JoinResult.Matched ? "FirstMatch" : "Not exists");
        if (!join.IsLookup && join.Outer is null)
            extras.Add(join.LeftKeys.Length > 0 ? "Using join buffer (hash join)" : "Using join buffer (Block Nested Loop)");
        return [.. extras];
    }

    private void AddScan(ScanNode scan, string[] extras, (int Id, string Type) select)
    {
        string? key = scan.Path.Ranges.Length == 0 ? scan.Path.Index?.Name : scan.Path.Index?.Name ?? "PRIMARY";
        string type = scan.Path switch
        {
            { Ranges.Length: 0, Index: null } => "ALL",
            { Ranges.Length: 0 } => "index",
            { Ranges.Length: 1, IsPoint: true } => "const",
            { Ranges: [{ IsEquality: true }] } => "ref",
            _ => "range",
        };
        if (scan.Filters.Length > 0)
            extras = ["Using where", .. extras];
        double filtered = Math.Round(100 * Math.Min(1, scan.Rows / Math.Max(scan.PathRows, 1e-9)), 2);
        _rows.Add(select.Id, select.Type, scan.Alias, null, type, key, key, null, null, (long)Math.Max(1, scan.PathRows), filtered, Text(extras));
    }

    private static string? Text(string[] extras) => extras.Length == 0 ? null : string.Join("; ", extras);

    private static bool HasSubquery(PlanNode node) =>
        QueryExpression.AllIn(node.Expressions).Count > 0 || Array.Exists(node.Inputs, HasSubquery);
}
