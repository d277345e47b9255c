namespace P2PDB.Engine.Sql.Ast.Accounts;

/// <summary>
/// One option of CREATE and ALTER USER. Names are upper case: REQUIRE (value NONE, SSL, X509), SUBJECT, ISSUER, CIPHER, MAX_QUERIES_PER_HOUR, …,
/// PASSWORD EXPIRE, PASSWORD HISTORY, PASSWORD REUSE INTERVAL, PASSWORD REQUIRE CURRENT, FAILED_LOGIN_ATTEMPTS, PASSWORD_LOCK_TIME, ACCOUNT (LOCK, UNLOCK), COMMENT, ATTRIBUTE.
/// </summary>
internal sealed record AccountOption(string Name, string Value, bool IsString);
