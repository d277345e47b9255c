namespace P2PDB.Host.Client;

/// <summary>The server answered a statement or a login with an error.</summary>
internal sealed class ServerErrorException(int code, string sqlState, string message)
    : Exception($"ERROR {code} ({sqlState}): {message}");
