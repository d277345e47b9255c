namespace P2PDB.Engine.Types;

/// <summary>Ends a statement with a MySQL error. Only the session catches it.</summary>
public sealed class SqlException : Exception
{
    /// <summary>Takes the error that the client will see.</summary>
    public SqlException(SqlError error)
        : base(error?.Message)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
    }

    /// <summary>The error that the client will see.</summary>
    public SqlError Error { get; }
}
