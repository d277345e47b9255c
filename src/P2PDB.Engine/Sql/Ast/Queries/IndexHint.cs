namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>USE | FORCE | IGNORE INDEX [FOR JOIN | ORDER BY | GROUP BY] (names); USE may list none.</summary>
internal sealed record IndexHint(IndexHintKind Kind, IndexHintScope Scope, string[] Indexes);
