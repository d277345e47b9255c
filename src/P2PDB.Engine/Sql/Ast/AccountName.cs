namespace P2PDB.Engine.Sql.Ast;

/// <summary>'user'@'host'; a missing host is null (MySQL reads it as %). <see cref="IsCurrentUser"/> stands for CURRENT_USER().</summary>
internal sealed record AccountName(string User, string? Host, bool IsCurrentUser = false);
