using P2PDB.Engine;

namespace P2PDB.Server.Sessions;

/// <summary>What the server asks of the engine.</summary>
internal abstract class EngineDatabase
{
    public abstract Account? FindAccount(string user, string host);

    public abstract EngineSession OpenSession(SessionOpening opening);
}
