using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>INTO variables, OUTFILE or DUMPFILE; exactly one of the two members is set.</summary>
/// <param name="Variables">User variables or (as columns) routine variables; empty for a file.</param>
/// <param name="File">The file's name, or null.</param>
internal sealed record IntoClause(ExpressionNode[] Variables, string? File)
{
    /// <summary>DUMPFILE: one row, no separators.</summary>
    public bool IsDump { get; init; }

    /// <summary>CHARACTER SET of an OUTFILE, or null.</summary>
    public string? CharacterSet { get; init; }

    /// <summary>FIELDS and LINES of an OUTFILE, or null.</summary>
    public FileFormat? Format { get; init; }
}
