using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>A query planned: the root of its plan and what its columns are called.</summary>
internal sealed record PlannedQuery(PlanNode Root, RelationColumn[] Columns)
{
    /// <summary>True where it reads a row of an enclosing block.</summary>
    public bool IsCorrelated { get; init; }

    /// <summary>Names of the relations, for the table part of result columns, by column; empty for expressions.</summary>
    public string[] Tables { get; init; } = [];

    /// <summary>Types of the columns.</summary>
    public SqlType[] Types
    {
        get
        {
            var types = new SqlType[Columns.Length];
            for (int i = 0; i < types.Length; i++)
                types[i] = Columns[i].Type;
            return types;
        }
    }
}
