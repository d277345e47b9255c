namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>HELP 'topic'.</summary>
internal sealed record HelpStatement(string Topic) : Statement;
