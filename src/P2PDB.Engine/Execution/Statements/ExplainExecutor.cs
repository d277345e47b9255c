using System.Globalization;
using System.Text;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>EXPLAIN: the scans of the plan in MySQL's columns, or the plan as a tree.</summary>
internal static class ExplainExecutor
{
    /// <summary>EXPLAIN.</summary>
    public static StatementResult Explain(
        StatementContext context, StatementRunner runner, ExplainStatement statement, ResultSink sink)
    {
        if (statement.Target is not SelectStatement select)
            throw SqlErrors.NotSupportedYet("EXPLAIN of this statement").ToException();
        var query = (CompiledQuery)runner.Compile(select, []);
        if (statement.IsAnalyze || "TREE".Equals(statement.Format, StringComparison.OrdinalIgnoreCase))
        {
            var text = new StringBuilder();
            AppendTree(text, query.Plan, 0);
            RelationColumn[] column = [Columns.LongText("EXPLAIN")];
            var tree = new VirtualRows(1);
            tree.Add(text.ToString());
            return RowsAnswer.Send(context, sink, column, tree);
        }

        RelationColumn[] columns =
        [
            Columns.Integer("id"), Columns.Text("select_type"), Columns.Text("table"), Columns.Text("partitions"),
            Columns.Text("type"), Columns.Text("possible_keys"), Columns.Text("key"), Columns.Text("key_len"),
            Columns.Text("ref"), Columns.Integer("rows"), new RelationColumn("filtered", SqlType.Double), Columns.Text("Extra"),
        ];
        var rows = new VirtualRows(columns.Length);
        AddRows(rows, query.Plan, []);
        if (rows.Count == 0)
            rows.Add(1, "SIMPLE", null, null, null, null, null, null, null, null, null, "No tables used");
        return RowsAnswer.Send(context, sink, columns, rows);
    }

    private static void AddRows(VirtualRows rows, PlanNode node, string[] extras)
    {
        switch (node)
        {
            case ScanNode scan:
                string? key = scan.Path.Ranges.Length == 0 ? scan.Path.Index?.Name : scan.Path.Index?.Name ?? "PRIMARY";
                string type = scan.Path.Ranges.Length == 0 ? scan.Path.Index is null ? "ALL" : "index"
                    : scan.Path is { IsPoint: true, Ranges.Length: 1 } ? "const"
                    : scan.Path.Ranges.Length == 1 && scan.Path.Ranges[0].IsEquality ? "ref" : "range";
                List<string> extra = [.. extras];
                if (scan.Filters.Length > 0)
                    extra.Insert(0, "Using where");
                double filtered = Math.Round(100 * Math.Min(1, scan.Rows / Math.Max(scan.PathRows, 1e-9)), 2);
                rows.Add(1, "SIMPLE", scan.Alias, null, type, key, key, null, null, (long)Math.Max(1, scan.PathRows), filtered,
                    extra.Count == 0 ? null : string.Join("; ", extra));
                return;
            case VirtualScanNode scan:
                rows.Add(1, "SIMPLE", scan.Alias, null, "ALL", null, null, null, null, null, null, null);
                return;
            case SortNode:
                extras = [.. extras, "Using filesort"];
                break;
            case JoinNode join when !join.IsLookup:
                AddRows(rows, join.Left, extras);
                AddRows(rows, join.Right, [join.LeftKeys.Length > 0 ? "Using join buffer (hash join)" : "Using join buffer (Block Nested Loop)"]);
                return;
            case GroupNode or DistinctNode:
                extras = [.. extras, "Using temporary"];
                break;
            default:
                break;
        }

        foreach (PlanNode input in node.Inputs)
        {
            AddRows(rows, input, extras);
            extras = [];
        }
    }

    private static void AppendTree(StringBuilder text, PlanNode node, int depth)
    {
        text.Append(' ', 4 * depth).Append("-> ").Append(NameOf(node));
        if (node is ScanNode scan)
        {
            text.Append(" on ").Append(scan.Alias);
            if (scan.Path.Ranges.Length > 0)
                text.Append(" using ").Append(scan.Path.Index?.Name ?? "PRIMARY");
        }

        text.Append(CultureInfo.InvariantCulture, $"  (rows={Math.Max(1, node.Rows):F0})\n");
        foreach (PlanNode input in node.Inputs)
            AppendTree(text, input, depth + 1);
    }

    private static string PrefixOf(JoinResult result) => result switch
    {
        JoinResult.PairsAndUnmatched => "Left ",
        JoinResult.Matched => "Semi ",
        JoinResult.Unmatched => "Anti ",
        _ => "",
    };

    private static string NameOf(PlanNode node) => node switch
    {
        JoinNode join => PrefixOf(join.Result) + (join.IsLookup ? "Lookup join"
            : join.LeftKeys.Length > 0 ? "Hash join, of the second input" : "Join of all pairs"),
        SortNode { Limit: not null } => "Sort, first rows only",
        _ => node.GetType().Name.Replace("Node", "", StringComparison.Ordinal),
    };
}
