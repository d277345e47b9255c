namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>
/// A statement that MySQL has and P2PDB will not execute (tablespaces, replication channels, servers, HANDLER, plug-ins, …). Only its first
/// words and the balance of its parentheses are checked; the binder answers 1235.
/// </summary>
/// <param name="Command">The words that name it, upper case: CREATE TABLESPACE, CHANGE REPLICATION SOURCE, ….</param>
/// <param name="Text">The statement as written.</param>
internal sealed record OtherStatement(string Command, string Text) : Statement;
