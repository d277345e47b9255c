namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>left UNION, INTERSECT or EXCEPT right; INTERSECT binds closer, the others lean left.</summary>
internal sealed record SetOperationBody(SetOperator Operator, bool IsAll, QueryBody Left, QueryBody Right) : QueryBody;
