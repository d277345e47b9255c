namespace P2PDB.Engine.Sql.Ast;

/// <summary>Root of every statement tree. Trees are immutable; names keep the case in which they were written.</summary>
internal abstract record Statement
{
    /// <summary>How many <c>?</c> parameters the statement holds; they are numbered from 0 in order of appearance.</summary>
    public int ParameterCount { get; init; }
}
