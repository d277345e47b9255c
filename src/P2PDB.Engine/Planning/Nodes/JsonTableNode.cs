using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.JsonTables;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>The rows that JSON_TABLE makes of a document.</summary>
internal sealed class JsonTableNode(Expression document, JsonTableLevel root, SqlType[] types) : PlanNode
{
    /// <summary>The document: the same for all rows of one opening.</summary>
    public Expression Document { get; } = document;

    /// <summary>Its path with the columns.</summary>
    public JsonTableLevel Root { get; } = root;

    /// <summary>Types of the columns.</summary>
    public SqlType[] Types { get; } = types;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Document];
}
