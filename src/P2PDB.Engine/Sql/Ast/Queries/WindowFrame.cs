namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>ROWS or RANGE between two bounds; a single bound ends at the current row.</summary>
internal sealed record WindowFrame(WindowFrameUnit Unit, WindowBound Start, WindowBound End);
