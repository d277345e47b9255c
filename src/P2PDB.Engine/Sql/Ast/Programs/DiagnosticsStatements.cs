using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Programs;

/// <summary>SIGNAL, or RESIGNAL (whose condition may be missing).</summary>
internal sealed record SignalStatement(bool IsResignal, HandlerCondition? Condition, SignalItem[] Items) : Statement;

/// <summary>SET name = value of SIGNAL; the name is upper case.</summary>
internal sealed record SignalItem(string Name, ExpressionNode Value);

/// <summary>GET [CURRENT | STACKED] DIAGNOSTICS: statement items, or those of one condition.</summary>
internal sealed record GetDiagnosticsStatement(bool IsStacked, ExpressionNode? Condition, DiagnosticsItem[] Items) : Statement;

/// <summary>target = NAME; the target is a user variable or (as a column) a routine's variable.</summary>
internal sealed record DiagnosticsItem(ExpressionNode Target, string Name);
