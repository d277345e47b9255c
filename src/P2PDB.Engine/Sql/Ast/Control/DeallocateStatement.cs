namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>DEALLOCATE PREPARE or DROP PREPARE name.</summary>
internal sealed record DeallocateStatement(string Name) : Statement;
