using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE, LEAD, LAG, FIRST_VALUE, LAST_VALUE or NTH_VALUE over a window.</summary>
/// <param name="Name">Upper case.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="IgnoreNulls">IGNORE NULLS, which MySQL parses and refuses.</param>
/// <param name="FromLast">FROM LAST, which MySQL parses and refuses.</param>
/// <param name="Over">The window.</param>
internal sealed record WindowCallNode(
    string Name, ExpressionNode[] Arguments, bool IgnoreNulls, bool FromLast, WindowReference Over) : ExpressionNode;
