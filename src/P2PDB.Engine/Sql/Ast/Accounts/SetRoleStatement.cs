namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>SET ROLE.</summary>
internal sealed record SetRoleStatement(RoleSelection Roles) : Statement;
