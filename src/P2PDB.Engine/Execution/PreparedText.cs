using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Execution;

/// <summary>A statement that PREPARE named.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Statement">The statement.</param>
internal sealed record PreparedText(string Text, Statement Statement);
