namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>Words between SELECT and the list.</summary>
[Flags]
internal enum SelectOptions : ushort
{
    None = 0, Distinct = 1, All = 2, HighPriority = 4, StraightJoin = 8, SmallResult = 16, BigResult = 32, BufferResult = 64, NoCache = 128, CalculateFoundRows = 256,
}
