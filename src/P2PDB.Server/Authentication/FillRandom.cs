namespace P2PDB.Server.Authentication;

/// <summary>Fills a span with random bytes; from the system in production, from a seed in tests.</summary>
internal delegate void FillRandom(Span<byte> target);
