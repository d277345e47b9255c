using P2PDB.Engine;

namespace P2PDB.Server.Sessions;

/// <summary>What the engine must know of a client to open a session for it.</summary>
internal sealed record SessionOpening(uint ConnectionId, Account Account, string User, string Host, bool CountsFoundRows);
