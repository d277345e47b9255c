namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>Root of the expression tree as written: nothing is bound, folded or typed here.</summary>
internal abstract record ExpressionNode
{
    /// <summary>Byte offset of the expression's first token (of a literal: of the literal) in the text that was parsed.</summary>
    public int Position { get; set; } = -1;
}
