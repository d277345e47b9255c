namespace P2PDB.Engine.Sql;

/// <summary>A statement's text could not be read.</summary>
internal sealed class SyntaxException(int code, string state, string message) : Exception(message)
{
    /// <summary>MySQL's error number.</summary>
    public int Code { get; } = code;

    /// <summary>The SQLSTATE.</summary>
    public string State { get; } = state;
}
