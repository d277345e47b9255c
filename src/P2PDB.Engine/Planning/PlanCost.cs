using System.Linq;
using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Planning;

/// <summary>
/// What the steps of a plan cost, in rows read one after the other in primary key order. The proportions were measured on TPC-H's
/// line items in memory; where data lies on disk, rows by an index cost more still.
/// </summary>
internal static class PlanCost
{
    /// <summary>Rows that a table counts as at least: one that is small now will grow, and the plan may be kept.</summary>
    public const double TableRowCountMin = 100;

    /// <summary>A row of a scan in primary key order.</summary>
    public const double Row = 1;

    /// <summary>Finding the place of a key.</summary>
    public const double Seek = 5;

    /// <summary>A row of a scan by another index: an entry, and the row looked up by its key.</summary>
    public const double RowByIndex = 8;

    /// <summary>Putting a row into a hash table.</summary>
    public const double Build = 1.5;

    /// <summary>Looking a row's partners up in a hash table.</summary>
    public const double Probe = 0.7;

    /// <summary>Handing on a pair of rows.</summary>
    public const double Pair = 0.3;

    /// <summary>Running a plan once.</summary>
    public static double Of(PlanNode node) => node switch
    {
        ScanNode scan => Seek + (scan.PathRows * (scan.Path.Index is { IsPrimary: false } ? RowByIndex : Row)),
        JoinNode { IsLookup: true } join => Of(join.Left) + (join.Left.Rows * Of(join.Right)) + (join.Rows * Pair),
        JoinNode { LeftKeys.Length: > 0 } join =>
            Of(join.Left) + Of(join.Right) + (join.Right.Rows * Build) + (join.Left.Rows * Probe) + (join.Rows * Pair),
        JoinNode join => Of(join.Left) + Of(join.Right) + (join.Left.Rows * join.Right.Rows * Pair),
        GroupNode group => Of(group.Input) + (group.Input.Rows * Build),
        _ => Seek + Array.ConvertAll(node.Inputs, Of).Sum() + (node.Rows * Pair),
    };
}
