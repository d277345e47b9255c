using P2PDB.Engine.Planning.Recursion;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning;

/// <summary>The common table expressions in sight, innermost first.</summary>
internal sealed record NamedQueryScope(NamedQuery Query, NamedQueryScope? Outer)
{
    /// <summary>True for a query of WITH RECURSIVE that reads itself.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>Inside such a query: the rows that its name means there; else null.</summary>
    public WorkingTable? Working { get; init; }

    /// <summary>True where a query reads a table of that name in its FROM clauses.</summary>
    public static bool Reads(QueryBody body, string name)
    {
        switch (body)
        {
            case SelectBody select:
                foreach (TableSource source in select.From)
                {
                    if (Reads(source, name))
                        return true;
                }

                return false;
            case SetOperationBody operation:
                return Reads(operation.Left, name) || Reads(operation.Right, name);
            case NestedBody nested:
                return Reads(nested.Query.Body, name);
            default:
                return false;
        }
    }

    private static bool Reads(TableSource source, string name) => source switch
    {
        NamedTable table => table.Name.Schema is null && string.Equals(table.Name.Name, name, StringComparison.OrdinalIgnoreCase),
        JoinedTable joined => Reads(joined.Left, name) || Reads(joined.Right, name),
        DerivedTable derived => Reads(derived.Query.Body, name),
        _ => false,
    };
}
