using System.Globalization;
using System.Text;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>A plan as MySQL's TREE format shows one; with measures, what each step did, as EXPLAIN ANALYZE shows it: times per loop, in milliseconds.</summary>
internal sealed class PlanTree(PlanMeasures? measures)
{
    private readonly StringBuilder _text = new();

    /// <summary>The text of a plan, a line for a step.</summary>
    public static string Of(PlanNode plan, PlanMeasures? measures)
    {
        var tree = new PlanTree(measures);
        tree.Append(plan, 0);
        return tree._text.ToString();
    }

    private void Append(PlanNode node, int depth)
    {
        AppendName(NameOf(node), depth);
        _text.Append(CultureInfo.InvariantCulture, $"  (rows={Math.Max(1, node.Rows):F0})");
        if (measures is not null)
            AppendMeasure(measures.Of(node));
        _text.Append('\n');
        foreach (PlanNode input in node.Inputs)
            Append(input, depth + 1);
        foreach (QueryExpression query in QueryExpression.AllIn(node.Expressions))
            AppendSubquery(query.Request, depth + 1);
    }

    private void AppendName(string name, int depth) => _text.Append(' ', 4 * depth).Append("-> ").Append(name);

    private void AppendMeasure(OperatorMeasure? measure)
    {
        if (measure is not { Loops: > 0 })
        {
            _text.Append(" (never executed)");
            return;
        }

        double loops = measure.Loops;
        _text.Append(CultureInfo.InvariantCulture,
            $" (actual time={measure.TimeToFirstRow.TotalMilliseconds / loops:0.###}..{measure.Time.TotalMilliseconds / loops:0.###}")
            .Append(CultureInfo.InvariantCulture, $" rows={measure.Rows / loops:0.##} loops={measure.Loops})");
        if (measure.SpilledLength > 0)
            _text.Append(CultureInfo.InvariantCulture, $" (on disk: {measure.SpilledLength} bytes in {measure.SpilledPartCount} parts)");
    }

    private void AppendSubquery(SubqueryRequest request, int depth)
    {
        string name = request.Outer is null ? "Subquery, run once"
            : request.IsRepeatable ? "Subquery, run for rows with other values" : "Subquery, run for each row";
        AppendName(name, depth);
        _text.Append('\n');
        Append(request.Plan, depth + 1);
        if (request.Keyed is not { } keyed)
            return;
        AppendName(string.Create(CultureInfo.InvariantCulture, $"The same by key for all rows, after {keyed.RunCount:F0} runs"), depth);
        _text.Append('\n');
        Append(keyed.Plan, depth + 1);
    }

    private static string NameOf(PlanNode node) => node switch
    {
        ScanNode scan => NameOf(scan),
        VirtualScanNode scan => "Table scan on " + scan.Alias,
        DerivedNode derived => "Rows of " + derived.Alias,
        JoinNode { IsLookup: true } join => "Nested loop " + KindOf(join.Result),
        JoinNode { Outer: not null } join => "For each row, " + KindOf(join.Result),
        JsonTableNode => "Rows of a JSON document",
        JoinNode join => (join.LeftKeys.Length > 0 ? "Hash " : "All pairs, ") + KindOf(join.Result),
        FilterNode => "Filter",
        GroupNode { Keys.Length: > 0 } => "Aggregate by hash",
        GroupNode => "Aggregate",
        RecursiveNode recursive => "Recursion of " + recursive.Table.Name,
        WorkingTableNode working => "Last rows of " + working.Table.Name,
        WindowNode => "Window functions",
        DistinctNode => "Deduplicate by hash",
        SortNode { Limit: not null } => "Sort, first rows only",
        SetOperationNode operation => operation.Kind + (operation.IsAll ? " all" : ""),
        ValuesNode => "Constant rows",
        _ => node.GetType().Name.Replace("Node", "", StringComparison.Ordinal),
    };

    private static string NameOf(ScanNode scan)
    {
        string name = scan.Path switch
        {
            { Ranges.Length: 0, Index: null } => "Table scan",
            { Ranges.Length: 0 } => "Index scan",
            { Ranges.Length: 1, IsPoint: true } => "Single-row index lookup",
            { Ranges: [{ IsEquality: true }] } => "Index lookup",
            _ => "Index range scan",
        };
        string index = scan.Path is { Ranges.Length: 0, Index: null } ? "" : " using " + (scan.Path.Index?.Name ?? "PRIMARY");
        return $"{name} on {scan.Alias}{index}{(scan.Path.IsDescending ? " (reverse)" : "")}{(scan.Filters.Length > 0 ? ", filtered" : "")}";
    }

    private static string KindOf(JoinResult result) => result switch
    {
        JoinResult.PairsAndUnmatched => "left join",
        JoinResult.Matched => "semijoin",
        JoinResult.Unmatched => "antijoin",
        _ => "inner join",
    };
}
