namespace P2PDB.Engine.Log;

/// <summary>Fills bytes that nobody can guess: the system's generator, or a seeded one in the simulator.</summary>
internal delegate void RandomSource(Span<byte> target);
