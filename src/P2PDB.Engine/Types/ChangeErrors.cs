namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors about statements that change rows, as <see cref="SqlErrors"/> has the others.</summary>
internal static class ChangeErrors
{
    /// <summary>Error 1093: a query that would see what its own statement has changed already.</summary>
    public static SqlError ReadsTarget(string table) =>
        new(1093, "HY000", $"You can't specify target table '{table}' for update in FROM clause");
}
